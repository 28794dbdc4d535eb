"""Turns XLSX and ODS workbooks into CSV, in a child process with limits."""
