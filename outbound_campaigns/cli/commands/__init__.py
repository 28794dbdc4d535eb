"""One command a file, with its options and its help; the modules beside this package do the work.

A command is a module's function of the same name, and is imported only when it is called.
"""
