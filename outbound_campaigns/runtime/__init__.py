"""What every process needs: settings, logs, clocks, proxies, files of the package.

Others use: cache, clock, ending, event_loop, logs, package_files, parent_death, proxies, settings.
"""
