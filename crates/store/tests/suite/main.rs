//! Every public function of the crate, on both databases.

#[cfg(test)]
mod accounts;
#[cfg(test)]
mod books;
#[cfg(test)]
mod bulk;
mod bulk_attempts;
mod bulk_lanes;
#[cfg(test)]
mod catalogue;
#[cfg(test)]
mod collections;
#[cfg(test)]
mod complete;
#[cfg(test)]
mod customers;
#[cfg(test)]
mod draft_invoices;
#[cfg(test)]
mod dunning;
#[cfg(test)]
mod money;
#[cfg(test)]
mod opening_deferrals;
#[cfg(test)]
mod payment_methods;
#[cfg(test)]
mod plans;
#[cfg(test)]
mod purchases;
#[cfg(test)]
mod sales;
#[cfg(test)]
mod standing;
#[cfg(test)]
mod summaries;
#[cfg(test)]
mod verify;
#[cfg(test)]
mod world;
