"""Running a task as a job: the ledger that is the queue, the workers, progress, cancelling and taking up again."""
