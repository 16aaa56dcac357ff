//! The server as its callers meet it: every request below goes through the whole of it, to a database and back.

#[cfg(test)]
mod account_profile;
#[cfg(test)]
mod addresses;
#[cfg(test)]
mod all_problems;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod billing_settings;
#[cfg(test)]
mod billing_statements;
#[cfg(test)]
mod bulk_collecting;
#[cfg(test)]
mod bulk_create;
#[cfg(test)]
mod bulk_events;
#[cfg(test)]
mod bulk_imports;
#[cfg(test)]
mod bulk_jobs;
#[cfg(test)]
mod bulk_results;
#[cfg(test)]
mod bulk_uploads;
#[cfg(test)]
mod catalogue;
#[cfg(test)]
mod collect_options;
#[cfg(test)]
mod collection_settings;
#[cfg(test)]
mod customer_notes;
#[cfg(test)]
mod customer_statuses;
#[cfg(test)]
mod document;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod draft_invoices;
#[cfg(test)]
mod drafts;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod filters;
#[cfg(test)]
mod frame;
#[cfg(test)]
mod idempotency;
#[cfg(test)]
mod keys;
#[cfg(test)]
mod lenient;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod payment_methods;
#[cfg(test)]
mod plans;
#[cfg(test)]
mod previews;
#[cfg(test)]
mod product_items;
#[cfg(test)]
mod receivables;
#[cfg(test)]
mod reversals;
#[cfg(test)]
mod seed;
#[cfg(test)]
mod snapshots;
#[cfg(test)]
mod story;
#[cfg(test)]
mod tax;
#[cfg(test)]
mod tenants;
#[cfg(test)]
mod transcript;
#[cfg(test)]
mod webhooks;
#[cfg(test)]
mod wrong_members;
