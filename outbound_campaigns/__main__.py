"""Runs the command as `python -m outbound_campaigns`, where it is not on the path."""

from outbound_campaigns.cli.main import main

if __name__ == "__main__":
    main(prog_name="outbound-campaigns")
