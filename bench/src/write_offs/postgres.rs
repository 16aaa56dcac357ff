//! Write-offs on `PostgreSQL`: every table's rows of a chunk in one statement.

use std::error::Error;

use postgres::{Client, NoTls, types::ToSql};

use super::{ACCOUNT, AMOUNT, AT, CUSTOMER_COUNT, Floor, HASH};

const SCHEMA: &str = "
    CREATE TABLE floor_customer (account_id BIGINT, id BIGINT, balance BIGINT NOT NULL, sequence BIGINT NOT NULL,
        hash TEXT NOT NULL, PRIMARY KEY (account_id, id));
    CREATE TABLE floor_invoice (account_id BIGINT, id BIGINT, customer_id BIGINT NOT NULL, outstanding BIGINT NOT NULL,
        written_off BIGINT NOT NULL, PRIMARY KEY (account_id, id));
    CREATE TABLE floor_instalment (account_id BIGINT, invoice_id BIGINT, outstanding BIGINT NOT NULL,
        PRIMARY KEY (account_id, invoice_id));
    CREATE TABLE floor_record (account_id BIGINT, id BIGINT, status TEXT NOT NULL, PRIMARY KEY (account_id, id));
    CREATE TABLE floor_entry (account_id BIGINT, id BIGINT, customer_id BIGINT NOT NULL, sequence BIGINT NOT NULL,
        kind TEXT NOT NULL, at BIGINT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY (account_id, id));
    CREATE TABLE floor_line (account_id BIGINT, entry_id BIGINT, debit TEXT NOT NULL, credit TEXT NOT NULL,
        amount BIGINT NOT NULL, PRIMARY KEY (account_id, entry_id));
    CREATE TABLE floor_write_off (account_id BIGINT, id BIGINT, customer_id BIGINT NOT NULL,
        invoice_id BIGINT NOT NULL, amount BIGINT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (account_id, id));
    CREATE TABLE floor_event (account_id BIGINT, id BIGINT, event_type TEXT NOT NULL, subject_id BIGINT NOT NULL,
        at BIGINT NOT NULL, PRIMARY KEY (account_id, id));
";

/// Two reads and the eight writes of a chunk; every statement has the account as `$1` and the invoices as `$2` to `$3`.
const READS: [&str; 2] = [
    "SELECT id, customer_id, outstanding FROM floor_invoice WHERE account_id = $1 AND id BETWEEN $2 AND $3",
    "SELECT id, sequence FROM floor_customer WHERE account_id = $1 AND id IN (
         SELECT customer_id FROM floor_invoice WHERE account_id = $1 AND id BETWEEN $2 AND $3) ORDER BY id FOR UPDATE",
];

fn writes() -> [String; 8] {
    let from = "FROM floor_invoice WHERE account_id = $1 AND id BETWEEN $2 AND $3";
    [
        format!("INSERT INTO floor_entry SELECT $1, id, customer_id, id, 'WriteOff', {AT}, '{HASH}' {from}"),
        format!("INSERT INTO floor_line SELECT $1, id, 'BadDebt', 'AccountsReceivable', outstanding {from}"),
        format!("INSERT INTO floor_write_off SELECT $1, id, customer_id, id, outstanding, {AT} {from}"),
        format!("INSERT INTO floor_event SELECT $1, id, 'InvoiceWrittenOff', id, {AT} {from}"),
        format!(
            "UPDATE floor_customer SET balance = balance - part.amount, sequence = sequence + part.number, hash = '{HASH}'
             FROM (SELECT customer_id, sum(outstanding)::BIGINT AS amount, count(*) AS number {from}
                 GROUP BY customer_id) part
             WHERE account_id = $1 AND id = part.customer_id"
        ),
        "UPDATE floor_invoice SET written_off = outstanding, outstanding = 0
         WHERE account_id = $1 AND id BETWEEN $2 AND $3"
            .to_owned(),
        "UPDATE floor_instalment SET outstanding = 0 WHERE account_id = $1 AND invoice_id BETWEEN $2 AND $3".to_owned(),
        "UPDATE floor_record SET status = 'Processed' WHERE account_id = $1 AND id BETWEEN $2 AND $3".to_owned(),
    ]
}

pub(super) struct Postgres {
    client: Client,
    reads: Vec<postgres::Statement>,
    writes: Vec<postgres::Statement>,
}

impl Postgres {
    pub(super) fn open(url: &str) -> Result<Self, Box<dyn Error>> {
        let mut client = Client::connect(url, NoTls)?;
        client.batch_execute(SCHEMA)?;
        let reads = READS.iter().map(|sql| client.prepare(sql)).collect::<Result<_, _>>()?;
        let writes = writes().iter().map(|sql| client.prepare(sql)).collect::<Result<_, _>>()?;
        Ok(Self { client, reads, writes })
    }
}

impl Floor for Postgres {
    fn prepare(&mut self, count: i64) -> Result<(), Box<dyn Error>> {
        let rows = format!(
            "INSERT INTO floor_customer SELECT {ACCOUNT}, id, 0, 0, '{HASH}' FROM generate_series(1, {CUSTOMER_COUNT}) id;
             INSERT INTO floor_invoice SELECT {ACCOUNT}, id, id % {CUSTOMER_COUNT} + 1, {AMOUNT}, 0
                 FROM generate_series(1, {count}) id;
             INSERT INTO floor_instalment SELECT {ACCOUNT}, id, {AMOUNT} FROM generate_series(1, {count}) id;
             INSERT INTO floor_record SELECT {ACCOUNT}, id, 'PassedValidation' FROM generate_series(1, {count}) id;
             ANALYZE"
        );
        Ok(self.client.batch_execute(&rows)?)
    }

    fn write_off(&mut self, first: i64, last: i64) -> Result<(), Box<dyn Error>> {
        let chunk: [&(dyn ToSql + Sync); 3] = [&ACCOUNT, &first, &last];
        let mut transaction = self.client.transaction()?;
        for statement in &self.reads {
            transaction.query(statement, &chunk)?;
        }
        for statement in &self.writes {
            transaction.execute(statement, &chunk)?;
        }
        Ok(transaction.commit()?)
    }
}
