"""What is true, whatever the database or the clock: plain values in, plain values out.

Lives here: the words of the product as types, and every decision as a pure function. Does not:
I/O, clocks (`now` is passed in), vendors, mutation. Anybody may import it; it imports the standard
library and `errors` alone.
"""
