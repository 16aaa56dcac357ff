//! Commands and questions: one file each, one transaction each.
