"""Writing what files say: customers, invoices, payments, credit notes, and the batch that brought them."""
