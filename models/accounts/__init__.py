"""Who handles orders: accounts, how they sign in, and who they are in chat."""
