//! The floor on `PostgreSQL`: sixteen connections, one transaction a request, three prepared statements in it.

use std::{
    error::Error,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
        mpsc::{Receiver, channel},
    },
    thread,
};

use postgres::{Client, NoTls, Statement, types::ToSql};

use crate::{
    Queue,
    order::{
        ACCOUNT, AMOUNT, CREATED_AT, CUSTOMER_COUNT, Created, EVENT_COUNT, EVENT_TYPE, FIRST_ID, Order, PRICE_RANGES,
        PRICING_MODEL, STATUS, Unit, id_count,
    },
};

const CONNECTION_COUNT: usize = 16;

const SCHEMA: &str = "
    CREATE TABLE floor_customer (account_id BIGINT, id BIGINT, balance BIGINT NOT NULL, PRIMARY KEY (account_id, id));
    CREATE TABLE floor_purchase (
        account_id BIGINT NOT NULL, id BIGINT NOT NULL, customer_id BIGINT NOT NULL, product_id BIGINT NOT NULL,
        status TEXT NOT NULL, name TEXT NOT NULL, quantity BIGINT NOT NULL, pricing_model TEXT NOT NULL,
        price_ranges TEXT NOT NULL, amount BIGINT NOT NULL, created_at BIGINT NOT NULL, PRIMARY KEY (account_id, id)
    );
    CREATE INDEX floor_purchase_customer ON floor_purchase (account_id, customer_id, id);
    CREATE TABLE floor_event (
        account_id BIGINT NOT NULL, id BIGINT NOT NULL, event_type TEXT NOT NULL, customer_id BIGINT NOT NULL,
        subject_id BIGINT NOT NULL, created_at BIGINT NOT NULL, PRIMARY KEY (account_id, id)
    );
";

/// Creates the tables and opens the connections.
pub(crate) fn start(url: &str) -> Result<Queue, Box<dyn Error + Send + Sync>> {
    let mut client = Client::connect(url, NoTls)?;
    client.batch_execute(SCHEMA)?;
    let customers = "INSERT INTO floor_customer SELECT $1, id, 0 FROM generate_series(1::BIGINT, $2) AS id";
    client.execute(customers, &[&ACCOUNT, &CUSTOMER_COUNT])?;
    let (queue, units) = channel();
    let units = Arc::new(Mutex::new(units));
    let next_id = Arc::new(AtomicI64::new(FIRST_ID));
    for _ in 0..CONNECTION_COUNT {
        let mut connection = Connection::open(url, Arc::clone(&next_id))?;
        let units = Arc::clone(&units);
        thread::Builder::new().name("postgres".to_owned()).spawn(move || connection.run(&units))?;
    }
    Ok(queue)
}

struct Connection {
    client: Client,
    read: Statement,
    purchases: Statement,
    events: Statement,
    next_id: Arc<AtomicI64>,
}

impl Connection {
    fn open(url: &str, next_id: Arc<AtomicI64>) -> Result<Self, postgres::Error> {
        let mut client = Client::connect(url, NoTls)?;
        Ok(Self {
            read: client.prepare("SELECT balance FROM floor_customer WHERE account_id = $1 AND id = $2")?,
            purchases: client.prepare(
                "INSERT INTO floor_purchase
                 SELECT $1, id, $3, product_id, $5, name, quantity, $8, $9, $10, $11
                 FROM unnest($2::BIGINT[], $4::BIGINT[], $6::TEXT[], $7::BIGINT[]) AS item (id, product_id, name, quantity)",
            )?,
            events: client.prepare(
                "INSERT INTO floor_event SELECT $1, id, $3, $4, subject_id, $6
                 FROM unnest($2::BIGINT[], $5::BIGINT[]) AS event (id, subject_id)",
            )?,
            client,
            next_id,
        })
    }

    fn run(&mut self, units: &Mutex<Receiver<Unit>>) {
        loop {
            let next = units.lock().unwrap_or_else(PoisonError::into_inner).recv();
            let Ok(unit) = next else { return };
            let written = self.write(&unit.order).map_err(|error| error.to_string());
            // A caller that has gone away needs no answer.
            let _ = unit.answer.send(written.map(|id| Created::of(unit.order, id)));
        }
    }

    /// One read, and three rows for each purchase; the first id.
    fn write(&mut self, order: &Order) -> Result<i64, postgres::Error> {
        let first = self.next_id.fetch_add(id_count(order), Ordering::Relaxed);
        let events_from = first + i64::try_from(order.purchases.len()).unwrap_or(i64::MAX);
        let ids: Vec<i64> = (first..events_from).collect();
        let products: Vec<i64> = order.purchases.iter().map(|item| item.product_id).collect();
        let names: Vec<&str> = order.purchases.iter().map(|item| item.name.as_str()).collect();
        let quantities: Vec<i64> = order.purchases.iter().map(|item| item.quantity).collect();
        let subjects: Vec<i64> = (0..EVENT_COUNT).flat_map(|_| ids.iter().copied()).collect();
        let event_ids: Vec<i64> = (events_from..).take(subjects.len()).collect();
        let mut transaction = self.client.transaction()?;
        transaction.query_one(&self.read, &[&ACCOUNT, &order.customer_id])?;
        let purchases: [&(dyn ToSql + Sync); 11] = [
            &ACCOUNT,
            &ids,
            &order.customer_id,
            &products,
            &STATUS,
            &names,
            &quantities,
            &PRICING_MODEL,
            &PRICE_RANGES,
            &AMOUNT,
            &CREATED_AT,
        ];
        transaction.execute(&self.purchases, &purchases)?;
        let events: [&(dyn ToSql + Sync); 6] =
            [&ACCOUNT, &event_ids, &EVENT_TYPE, &order.customer_id, &subjects, &CREATED_AT];
        transaction.execute(&self.events, &events)?;
        transaction.commit()?;
        Ok(first)
    }
}
