"""The desk for people's requests about their data: received, answered, done in time, and shown as evidence."""
