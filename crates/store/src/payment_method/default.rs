//! What is collected from when nobody says otherwise: one method a customer, its own or an ancestor's.

use billing::id::{AccountId, CustomerId, PaymentMethodId};
use db::{Error, Tx, values};

/// The default method of a customer. It may be one that the customer may not use any more.
pub fn find_default(
    tx: &mut Tx<'_>,
    account: AccountId,
    customer: CustomerId,
) -> Result<Option<PaymentMethodId>, Error> {
    tx.query_opt(
        "SELECT payment_method_id FROM default_payment_method WHERE account_id = $1 AND customer_id = $2",
        &values![account.0, customer.0],
        |row| row.get(0).map(PaymentMethodId),
    )
}

/// Makes a method the default of a locked customer.
pub fn set_default(
    tx: &mut Tx<'_>,
    account: AccountId,
    customer: CustomerId,
    method: PaymentMethodId,
) -> Result<(), Error> {
    tx.execute(
        "INSERT INTO default_payment_method (account_id, customer_id, payment_method_id) VALUES ($1, $2, $3)
         ON CONFLICT (account_id, customer_id) DO UPDATE SET payment_method_id = excluded.payment_method_id",
        &values![account.0, customer.0, method.0],
    )?;
    Ok(())
}

/// Makes a method the default of everybody whose default another one is.
pub fn move_defaults(
    tx: &mut Tx<'_>,
    account: AccountId,
    from: PaymentMethodId,
    to: PaymentMethodId,
) -> Result<(), Error> {
    tx.execute(
        "UPDATE default_payment_method SET payment_method_id = $3 WHERE account_id = $1 AND payment_method_id = $2",
        &values![account.0, from.0, to.0],
    )?;
    Ok(())
}

/// The customers whose default a method is, whether or not they may use it.
pub fn list_defaulting(tx: &mut Tx<'_>, account: AccountId, method: PaymentMethodId) -> Result<Vec<CustomerId>, Error> {
    tx.query(
        "SELECT customer_id FROM default_payment_method WHERE account_id = $1 AND payment_method_id = $2
         ORDER BY customer_id",
        &values![account.0, method.0],
        |row| row.get(0).map(CustomerId),
    )
}

/// Leaves a customer without a default.
pub fn clear_default_of(tx: &mut Tx<'_>, account: AccountId, customer: CustomerId) -> Result<(), Error> {
    tx.execute(
        "DELETE FROM default_payment_method WHERE account_id = $1 AND customer_id = $2",
        &values![account.0, customer.0],
    )?;
    Ok(())
}

/// Leaves everybody without a default whose default a method is.
pub fn clear_default(tx: &mut Tx<'_>, account: AccountId, method: PaymentMethodId) -> Result<(), Error> {
    tx.execute(
        "DELETE FROM default_payment_method WHERE account_id = $1 AND payment_method_id = $2",
        &values![account.0, method.0],
    )?;
    Ok(())
}
