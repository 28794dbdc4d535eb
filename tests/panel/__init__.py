"""The panel in a real browser, inside a page that imitates the studio."""
