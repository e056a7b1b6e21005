"""The book: an encrypted folder of records, the operations that write it and the history that remembers them."""
