"""The commands of outbound-campaigns."""
