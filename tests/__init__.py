"""The tests mirror the application: domain, services, queries, jobs, web, browser, and guards about the code itself."""
