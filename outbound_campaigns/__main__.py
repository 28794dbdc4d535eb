"""`python -m outbound_campaigns`: the command, where it is not on the path."""

from outbound_campaigns.cli.main import main

if __name__ == "__main__":
    main(prog_name="outbound-campaigns")
