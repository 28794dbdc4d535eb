// The states of recipients and campaigns, in the order in which they are shown.

export const RECIPIENT_STATUSES = [
  "pending",
  "sending",
  "sent",
  "delivered",
  "read",
  "failed",
  "in_doubt",
  "skipped",
  "cancelled",
];
export const CAMPAIGN_STATUSES = ["draft", "scheduled", "running", "paused", "completed", "failed", "cancelled"];

export const isOver = (status) => ["completed", "failed", "cancelled"].includes(status);
/** What has had its turn, of a campaign's counts. */
export const done = (counts) => counts.total - counts.pending - counts.sending;
