"""The hosted forms as a prospect meets them: `/f/<slug>`, its thank-you page, and the partners a consent reaches."""
