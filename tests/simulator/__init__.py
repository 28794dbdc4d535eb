"""The stand-in for Vonage keeps what it promises."""
