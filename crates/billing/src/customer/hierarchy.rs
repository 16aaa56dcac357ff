//! Parents and children: who may be whose parent (customers.md §3.6).

use money::Currency;

use super::CustomerStatus;
use crate::{id::CustomerId, refusal::Refusal};

/// Most levels of a hierarchy, the customer without a parent counted as the first.
pub const LEVELS_MAX: usize = 4;

/// A member of the hierarchy above a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Relative {
    /// Its id.
    pub id: CustomerId,
    /// Its service status.
    pub status: CustomerStatus,
    /// Its currency.
    pub currency: Currency,
    /// Its own parent.
    pub parent: Option<CustomerId>,
}

/// A customer with the relatives that a new parent would give it.
#[derive(Debug, Clone, Copy)]
pub struct Family<'a> {
    /// The customer; `None` while it is being created.
    pub customer: Option<CustomerId>,
    /// The customer's currency.
    pub currency: Currency,
    /// The new parent, its parent, and so on, up to [`LEVELS_MAX`] of them.
    pub ancestors: &'a [Relative],
    /// Levels below the customer; 0 when it has no children.
    pub levels_below: usize,
}

impl Family<'_> {
    /// Whether the first of the ancestors may be the customer's parent.
    pub fn check(&self) -> Result<(), Refusal> {
        let Some(parent) = self.ancestors.first() else { return Ok(()) };
        if self.ancestors.iter().any(|ancestor| Some(ancestor.id) == self.customer) {
            return Err(Refusal::OwnAncestor);
        }
        if parent.status != CustomerStatus::Active {
            return Err(Refusal::ParentNotActive);
        }
        if parent.currency != self.currency {
            return Err(Refusal::ParentCurrencyDiffers);
        }
        if self.ancestors.len() + 1 + self.levels_below > LEVELS_MAX {
            return Err(Refusal::HierarchyTooDeep);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn active(id: i64) -> Relative {
        Relative { id: CustomerId(id), status: CustomerStatus::Active, currency: Currency::USD, parent: None }
    }

    fn check(ancestors: &[Relative], levels_below: usize) -> Result<(), Refusal> {
        Family { customer: Some(CustomerId(1)), currency: Currency::USD, ancestors, levels_below }.check()
    }

    #[test]
    fn who_may_be_a_parent() {
        let draft = Relative { status: CustomerStatus::Draft, ..active(2) };
        let cancelled = Relative { status: CustomerStatus::Cancelled, ..active(2) };
        let foreign = Relative { currency: Currency::EUR, ..active(2) };
        assert_eq!(check(&[], 3), Ok(()));
        assert_eq!(check(&[active(2)], 0), Ok(()));
        assert_eq!(check(&[draft], 0), Err(Refusal::ParentNotActive));
        assert_eq!(check(&[cancelled], 0), Err(Refusal::ParentNotActive));
        assert_eq!(check(&[foreign], 0), Err(Refusal::ParentCurrencyDiffers));
        assert_eq!(check(&[active(1)], 0), Err(Refusal::OwnAncestor));
        assert_eq!(check(&[active(2), active(1)], 1), Err(Refusal::OwnAncestor));
        // Only the parent itself has to be active.
        assert_eq!(check(&[active(2), Relative { status: CustomerStatus::Hold, ..active(3) }], 0), Ok(()));
    }

    #[test]
    fn a_hierarchy_has_four_levels() {
        let chain: Vec<_> = (2..=5).map(active).collect();
        for above in 1..=4 {
            for below in 0..=4 {
                let expected = if above + 1 + below <= 4 { Ok(()) } else { Err(Refusal::HierarchyTooDeep) };
                assert_eq!(check(&chain[..above], below), expected, "{above} above, {below} below");
            }
        }
    }
}
