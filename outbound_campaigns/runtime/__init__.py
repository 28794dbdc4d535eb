"""What a process needs whatever it does: settings, logs, clocks, proxies, files of the package."""
