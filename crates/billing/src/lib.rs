//! The billing domain: values, states and decisions, without input or output.
