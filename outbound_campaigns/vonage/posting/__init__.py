"""Posts requests on HTTP/1.1 connections of our own.

The promise hangs on the moment at which a request's first byte leaves, which no HTTP library tells, or lets
one hold back. Others use `connections` and `connection`.
"""
