//! A durable queue of work: claims, leases, retries.
