"""What the commands do; cli.py only names them."""
