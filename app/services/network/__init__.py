"""The network a manufacturer keeps: product lines, tiers, partnerships, territories, accounts, settings.

May import queries, models, domain, `database` and `adapters.job_queue`. Each write goes through one `NetworkWriting`.
"""
