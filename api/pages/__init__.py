"""The citizen's pages: rating, follow-up, receipt, static code. Server-rendered, no script."""
