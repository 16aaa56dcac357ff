//! Two databases behind one transaction type.
