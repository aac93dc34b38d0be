"""Stands in for the library of the Python debugger: listens, waits for somebody to connect, and runs the program."""
