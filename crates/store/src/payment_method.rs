//! Cards and bank accounts that gateways store: how they are read. A row that has no face is not read at all.

mod default;
mod write;

use std::collections::HashMap;

use billing::{
    id::{AccountId, CustomerId, GatewayId, PaymentMethodId},
    instrument::{Expiration, Holder},
    payment::PaymentMethod,
    payment_method::{External, Face, MethodState, Reserved, Sharing, SharingOverride, StoredMethod},
    tax::Region,
};
use db::{Error, Row, Tx, values};

pub use self::{
    default::{clear_default, clear_default_of, find_default, list_defaulting, move_defaults, set_default},
    write::{delete_override, delete_pending, forget_token, hold, reserve, set_customer, set_failures, set_state},
};
use crate::{many::each_of, row::Columns};

const SELECT: &str =
    "m.id, m.customer_id, m.state, m.gateway_id, m.token, m.source, m.is_shared, m.external_customer_id,
    m.external_card_id, m.original_id, m.failure_count, m.created_at, m.modified_at, m.method, m.last_four,
    m.card_brand, m.expiration_year, m.expiration_month, m.is_debit, m.account_type, m.transit_last_four, m.first_name,
    m.last_name, m.address1, m.address2, m.city, m.postal_zip, m.country_id, m.state_id";

/// One method that has been stored, whatever its state.
pub fn find(tx: &mut Tx<'_>, account: AccountId, id: PaymentMethodId) -> Result<Option<StoredMethod>, Error> {
    let sql =
        format!("SELECT {SELECT} FROM payment_method m WHERE m.account_id = $1 AND m.id = $2 AND m.method IS NOT NULL");
    let mut found = Vec::from_iter(tx.query_opt(&sql, &values![account.0, id.0], method)?);
    fill(tx, account, &mut found)?;
    Ok(found.pop())
}

/// The methods that can be charged of these customers, oldest first within each.
pub fn list(tx: &mut Tx<'_>, account: AccountId, customers: &[CustomerId]) -> Result<Vec<StoredMethod>, Error> {
    let owners: Vec<_> = customers.iter().map(|customer| customer.0).collect();
    let sql = format!(
        "SELECT m.customer_id, {SELECT} FROM payment_method m
         WHERE m.account_id = $1 AND m.customer_id IN ({{owners}}) AND m.state = 'Active' ORDER BY m.id"
    );
    let mut methods = Vec::new();
    each_of(tx, account, &owners, &sql, |_, columns| {
        methods.push(read(columns)?);
        Ok(())
    })?;
    fill(tx, account, &mut methods)?;
    Ok(methods)
}

/// The default methods of these customers, whatever their state; a customer may use another one's no longer.
pub fn list_defaults(
    tx: &mut Tx<'_>,
    account: AccountId,
    customers: &[CustomerId],
) -> Result<Vec<(CustomerId, StoredMethod)>, Error> {
    let customers: Vec<_> = customers.iter().map(|customer| customer.0).collect();
    let sql = format!(
        "SELECT d.customer_id, {SELECT} FROM default_payment_method d
         JOIN payment_method m ON m.account_id = d.account_id AND m.id = d.payment_method_id
         WHERE d.account_id = $1 AND d.customer_id IN ({{owners}}) AND m.method IS NOT NULL"
    );
    let (mut whose, mut methods) = (Vec::new(), Vec::new());
    each_of(tx, account, &customers, &sql, |customer, columns| {
        whose.push(CustomerId(customer));
        methods.push(read(columns)?);
        Ok(())
    })?;
    fill(tx, account, &mut methods)?;
    Ok(whose.into_iter().zip(methods).collect())
}

/// A method that is being stored, as it was reserved.
pub fn find_reserved(tx: &mut Tx<'_>, account: AccountId, id: PaymentMethodId) -> Result<Option<Reserved>, Error> {
    let reserved = tx.query_opt(
        "SELECT id, customer_id, gateway_id, gateway_key, source, is_shared, original_id FROM payment_method
         WHERE account_id = $1 AND id = $2 AND state = $3",
        &values![account.0, id.0, billing::named::Named::name(MethodState::Pending)],
        |row| {
            let mut columns = Columns::of(row);
            Ok(Reserved {
                id: PaymentMethodId(columns.next()?),
                customer: CustomerId(columns.next()?),
                gateway: GatewayId(columns.next()?),
                gateway_key: columns.next()?,
                source: columns.named()?,
                sharing: Sharing { is_shared: columns.next()?, overrides: Vec::new() },
                original: columns.next::<Option<i64>>()?.map(PaymentMethodId),
            })
        },
    )?;
    let Some(mut reserved) = reserved else { return Ok(None) };
    reserved.sharing.overrides = overrides(tx, account, &[id.0])?.remove(&id).unwrap_or_default();
    Ok(Some(reserved))
}

/// The method that was stored last at a gateway, of those that can be charged.
pub fn find_last_at(tx: &mut Tx<'_>, account: AccountId, gateway: GatewayId) -> Result<Option<StoredMethod>, Error> {
    let last = tx.query_opt(
        "SELECT id FROM payment_method WHERE account_id = $1 AND gateway_id = $2 AND state = 'Active'
         ORDER BY id DESC LIMIT 1",
        &values![account.0, gateway.0],
        |row| row.get(0).map(PaymentMethodId),
    )?;
    last.map_or(Ok(None), |id| find(tx, account, id))
}

/// How many methods that can be charged are at a gateway.
pub fn count_at(tx: &mut Tx<'_>, account: AccountId, gateway: GatewayId) -> Result<i64, Error> {
    tx.scalar(
        "SELECT COUNT(*) FROM payment_method WHERE account_id = $1 AND gateway_id = $2 AND state = 'Active'",
        &values![account.0, gateway.0],
    )
}

fn fill(tx: &mut Tx<'_>, account: AccountId, methods: &mut [StoredMethod]) -> Result<(), Error> {
    let ids: Vec<_> = methods.iter().map(|method| method.id.0).collect();
    let mut found = overrides(tx, account, &ids)?;
    for method in methods {
        method.sharing.overrides = found.remove(&method.id).unwrap_or_default();
    }
    Ok(())
}

fn overrides(
    tx: &mut Tx<'_>,
    account: AccountId,
    methods: &[i64],
) -> Result<HashMap<PaymentMethodId, Vec<SharingOverride>>, Error> {
    let sql = "SELECT payment_method_id, id, customer_id, is_shared FROM payment_method_sharing
         WHERE account_id = $1 AND payment_method_id IN ({owners}) ORDER BY id";
    let mut found: HashMap<_, Vec<_>> = HashMap::new();
    each_of(tx, account, methods, sql, |method, columns| {
        let (id, customer, is_shared) = (columns.next()?, CustomerId(columns.next()?), columns.next()?);
        found.entry(PaymentMethodId(method)).or_default().push(SharingOverride { id, customer, is_shared });
        Ok(())
    })?;
    Ok(found)
}

fn method(row: &Row<'_>) -> Result<StoredMethod, Error> {
    read(&mut Columns::of(row))
}

fn read(columns: &mut Columns<'_, '_>) -> Result<StoredMethod, Error> {
    Ok(StoredMethod {
        id: PaymentMethodId(columns.next()?),
        customer: CustomerId(columns.next()?),
        state: columns.named()?,
        gateway: GatewayId(columns.next()?),
        sealed_token: columns.next()?,
        source: columns.named()?,
        sharing: Sharing { is_shared: columns.next()?, overrides: Vec::new() },
        external: external(columns.next()?, columns.next()?),
        original: columns.next::<Option<i64>>()?.map(PaymentMethodId),
        failure_count: columns.next()?,
        created_at: columns.instant()?,
        modified_at: columns.instant()?,
        face: face(columns)?,
        holder: holder(columns)?,
    })
}

fn external(customer: Option<String>, instrument: Option<String>) -> Option<External> {
    customer.zip(instrument).map(|(customer, instrument)| External { customer, instrument })
}

/// The columns from `method` to `transit_last_four`.
fn face(columns: &mut Columns<'_, '_>) -> Result<Face, Error> {
    let (kind, last_four) = (columns.named::<PaymentMethod>()?, columns.next::<String>()?);
    let (brand, expiration) = (columns.named_opt()?, expiration(columns.next()?, columns.next()?));
    let is_debit = columns.next::<Option<bool>>()?.unwrap_or_default();
    let (account_type, transit_last_four) = (columns.named_opt()?, columns.next::<Option<String>>()?);
    match (kind, brand, expiration, account_type, transit_last_four) {
        (PaymentMethod::CreditCard, Some(brand), Some(expiration), None, None) => {
            Ok(Face::Card { brand, last_four, expiration, is_debit })
        }
        (PaymentMethod::Ach, None, None, Some(account_type), Some(transit_last_four)) => {
            Ok(Face::BankAccount { account_last_four: last_four, transit_last_four, account_type })
        }
        _ => Err(Error::Value("a payment method is neither a card nor a bank account".to_owned())),
    }
}

fn expiration(year: Option<i64>, month: Option<i64>) -> Option<Expiration> {
    let (year, month) = (u8::try_from(year?).ok()?, u8::try_from(month?).ok()?);
    Some(Expiration { year, month })
}

/// The columns from `first_name` to `state_id`.
fn holder(columns: &mut Columns<'_, '_>) -> Result<Holder, Error> {
    Ok(Holder {
        first_name: columns.next::<Option<String>>()?.unwrap_or_default(),
        last_name: columns.next::<Option<String>>()?.unwrap_or_default(),
        address1: columns.next()?,
        address2: columns.next()?,
        city: columns.next()?,
        postal_zip: columns.next()?,
        region: {
            let (country, state) = (columns.next::<Option<i64>>()?, columns.next()?);
            country.map(|country| Region { country, state })
        },
    })
}
