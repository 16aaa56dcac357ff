//! Double entry: the chart of accounts, balanced transactions, reversal, the hash chain.
