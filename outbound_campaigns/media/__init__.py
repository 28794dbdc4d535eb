"""Keeps the files that messages show: pictures, videos and documents that Meta fetches from us.

Others use: hosting, kinds, link_looks, links, sweeping.
"""
