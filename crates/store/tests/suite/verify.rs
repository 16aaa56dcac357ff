//! What `verify` reads.

use billing::{
    bulk::{BulkCounts, BulkTotal},
    id::{AccountId, BulkJobId, BulkLaneId, CustomerId, InvoiceId},
};
use db::{Backend, Error, Tx, values};
use money::Currency;
use store::{
    account, bulk,
    checkpoint::{self, Checkpoint, Head},
    earning,
    verify::{
        self, ChainRow, CheckpointRow, CreditNoteRow, FactSource, InvoiceRow, JobRow, PostingRow, PurchaseRow,
        ReceivableRow, ReversalRow,
    },
};
use testkit::each_database;

use crate::{
    books::{add_entries, schedule},
    sales::{CHARGE, CUSTOMER, INVOICE, PURCHASE, add_credit_note, add_invoice, add_payment},
    world::{ELSEWHERE, HERE, add_accounts, amount, each_store, now, quantity},
};

/// An invoice with a payment, a credit note, a schedule and two ledger transactions.
fn tell_story(tx: &mut Tx<'_>) -> Result<(), Error> {
    add_invoice(tx)?;
    add_payment(tx)?;
    add_credit_note(tx)?;
    add_entries(tx)?;
    earning::insert(tx, HERE, &[schedule()])
}

#[tokio::test]
async fn the_chain_begins_with_its_customer_and_knows_its_lines() {
    each_store(|tx| {
        tell_story(tx)?;
        let rows = |tx: &mut Tx<'_>, account| {
            let mut rows = Vec::new();
            verify::each_chain_row(tx, account, |row| {
                rows.push(match row {
                    ChainRow::Customer { id, balance, sequence, .. } => format!("{id}: {balance} after {sequence}"),
                    ChainRow::Line(head, _, line) => format!("{} {} {}", head.id, head.kind, line.unwrap().amount),
                });
            })?;
            Ok::<_, Error>(rows)
        };
        assert_eq!(rows(tx, HERE)?, ["10: 14 after 2", "50 Charge 14", "53 Earning 4"]);
        assert_eq!(rows(tx, ELSEWHERE)?, [""; 0]);
        assert_eq!((verify::count_lines(tx, HERE)?, verify::count_lines(tx, ELSEWHERE)?), (2, 0));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_checkpoint_has_the_chains_that_have_grown_and_is_followed_by_them() {
    each_store(|tx| {
        tell_story(tx)?;
        let ledger = store::customer::lock(tx, HERE, CUSTOMER)?.unwrap();
        let head = Head { customer: CUSTOMER, sequence: ledger.ledger_sequence, hash: ledger.ledger_hash };
        assert_eq!(checkpoint::grown(tx, HERE, CustomerId(0), 5)?, [head]);
        assert_eq!(checkpoint::grown(tx, HERE, CUSTOMER, 5)?, [], "others come after it");
        assert_eq!(checkpoint::grown(tx, ELSEWHERE, CustomerId(0), 5)?, []);
        assert_eq!(checkpoint::find_last(tx, HERE)?, None);
        let sealed = Checkpoint { number: 1, hash: head.hash };
        checkpoint::insert(tx, HERE, sealed, &[head], now())?;
        assert_eq!(checkpoint::find_last(tx, HERE)?, Some(sealed));
        assert_eq!(checkpoint::find_last(tx, ELSEWHERE)?, None);
        assert_eq!(checkpoint::grown(tx, HERE, CustomerId(0), 5)?, []);
        let rows = |tx: &mut Tx<'_>, account| {
            let mut rows = Vec::new();
            verify::each_checkpoint_row(tx, account, |number, row| {
                rows.push(match row {
                    CheckpointRow::Checkpoint(stored) => {
                        let is_now = stored.created_at == now();
                        format!("{number}: {} heads, now {is_now}", stored.head_count)
                    }
                    CheckpointRow::Head { customer, sequence, hash, found } => {
                        format!("{number}: {customer} at {sequence}, found {}", found == Some(hash))
                    }
                });
            })?;
            Ok::<_, Error>(rows)
        };
        assert_eq!(rows(tx, HERE)?, ["1: 1 heads, now true", "1: 10 at 2, found true"]);
        assert_eq!(rows(tx, ELSEWHERE)?, [""; 0]);
        Ok(())
    })
    .await;
}

/// Only a database in the wrong hands has a line without its transaction; it is gone again before the commit.
#[tokio::test]
async fn an_orphan_line_is_found() {
    each_database(store::MIGRATIONS, async |database| {
        let ignoring_foreign_keys = match database.db.backend() {
            Backend::Sqlite => "PRAGMA defer_foreign_keys = ON",
            Backend::Postgres => "SET LOCAL session_replication_role = replica",
        };
        let orphans = |tx: &mut Tx<'_>, account: AccountId| {
            let mut found = Vec::new();
            verify::each_orphan_line(tx, account, |id| found.push(id))?;
            Ok::<_, Error>(found)
        };
        let run = move |tx: &mut Tx<'_>| {
            add_accounts(tx)?;
            tell_story(tx)?;
            assert_eq!(orphans(tx, HERE)?, [0; 0]);
            tx.execute(ignoring_foreign_keys, &[])?;
            let columns = &["account_id", "transaction_id", "line_number", "debit", "credit", "amount"];
            tx.insert("ledger_line", columns, [values![HERE.0, 7, 1, "Cash", "Credit", 1]])?;
            assert_eq!((orphans(tx, HERE)?, orphans(tx, ELSEWHERE)?), (vec![7], vec![]));
            tx.execute("DELETE FROM ledger_line WHERE account_id = $1 AND transaction_id = 7", &values![HERE.0])?;
            Ok::<_, Error>(())
        };
        database.db.write(run).await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn invoices_and_credit_notes_come_with_what_belongs_to_them() {
    each_store(|tx| {
        tell_story(tx)?;
        let mut kinds = [0; 11];
        verify::each_invoice_row(tx, HERE, |id, row| {
            assert_eq!(id, INVOICE);
            kinds[match row {
                InvoiceRow::Invoice(stored, names) => {
                    assert_eq!((stored.posted_at, stored.is_paid), (now(), true));
                    assert_eq!((names.term, names.currency, names.customer_currency), ("Net0", "USD", "USD"));
                    0
                }
                InvoiceRow::Charge(charged, at) => {
                    assert_eq!((charged, at), (amount("14"), now()));
                    1
                }
                InvoiceRow::Schedule { .. } => 2,
                InvoiceRow::Allocation(_) => 3,
                InvoiceRow::WriteOff(_) => 4,
                InvoiceRow::CreditNote(_) => 5,
                InvoiceRow::Tax(_) => 6,
                InvoiceRow::Discount(_) => 7,
                InvoiceRow::Credit(_) => 8,
                InvoiceRow::Opening(..) => 9,
                InvoiceRow::Deposit(_) => 10,
            }] += 1;
        })?;
        assert_eq!(kinds, [1, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0]);
        verify::each_invoice_row(tx, ELSEWHERE, |id, _| panic!("{id}"))?;
        let mut numbers = Vec::<(InvoiceId, i64)>::new();
        verify::each_invoice_number(tx, HERE, |id, number| numbers.push((id, number)))?;
        verify::each_invoice_number(tx, ELSEWHERE, |id, _| panic!("{id}"))?;
        assert_eq!(numbers, [(INVOICE, 1)]);
        account::next_number(tx, HERE, "invoice")?;
        let next = [verify::next_invoice_number(tx, HERE)?, verify::next_invoice_number(tx, AccountId(3))?];
        assert_eq!(next, [Some(2), None]);

        let mut notes = Vec::new();
        verify::each_credit_note_row(tx, HERE, |id, row| notes.push((id, row)))?;
        let reversal = CreditNoteRow::Reversal(amount("2"), amount("0.5"), amount("0.1"));
        assert_eq!(notes, [(91, CreditNoteRow::Amount(amount("1.6"))), (91, reversal)]);
        verify::each_credit_note_row(tx, ELSEWHERE, |id, _| panic!("{id}"))?;
        let mut numbers = Vec::new();
        verify::each_credit_note_number(tx, HERE, |note| {
            numbers.push((note.id, note.invoice, note.invoice_number, note.number.to_owned()));
        })?;
        assert_eq!(numbers, [(91, INVOICE, Some(1), "01-CR-01".to_owned())]);
        verify::each_credit_note_number(tx, ELSEWHERE, |note| panic!("{note:?}"))?;
        let mut rows = Vec::new();
        verify::each_reversal_row(tx, HERE, |id, row| rows.push((id, row)))?;
        let tax = amount("0.1");
        assert_eq!(rows, [(90, ReversalRow::Whole(tax, CHARGE)), (90, ReversalRow::Part(tax, Some(CHARGE)))]);
        verify::each_reversal_row(tx, ELSEWHERE, |id, _| panic!("{id}"))?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn postings_come_by_subject_and_facts_before_the_ledger() {
    each_store(|tx| {
        tell_story(tx)?;
        let mut rows = Vec::new();
        verify::each_posting_row(tx, HERE, |subject, row| {
            let text = match row {
                PostingRow::Fact(fact) => match fact.source {
                    FactSource::Charge(charge) => {
                        assert_eq!((fact.customer, fact.effective_at), (Some(CUSTOMER), Some(now())));
                        assert_eq!((charge.quantity, charge.pricing_model), (quantity("3"), "Volume"));
                        assert_eq!((charge.currency, charge.earning[1]), ("USD", "EarnImmediately"));
                        "charge"
                    }
                    FactSource::Discount => "discount",
                    FactSource::Tax => "tax",
                    FactSource::Reversal(_) => "reversal",
                    FactSource::Payment => "payment",
                    FactSource::WriteOff => "write-off",
                    FactSource::Refund => "refund",
                    FactSource::Credit => "credit",
                    FactSource::Debit => "debit",
                    FactSource::OpeningBalance => "opening balance",
                    FactSource::OpeningDeferral(_) => "opening deferral",
                    FactSource::DeferralReversal => "reversal of an opening deferral",
                },
                PostingRow::Schedule(stored) => {
                    assert_eq!((stored.starts_on, stored.next_due_on), (schedule().starts_on, schedule().next_due_on));
                    "schedule"
                }
                PostingRow::Tier(_) => "tier",
                PostingRow::Line(posting, _) => {
                    if posting.kind == "Charge" {
                        "posted"
                    } else {
                        "earned"
                    }
                }
            };
            rows.push((subject, text));
        })?;
        let of_charge = ["charge", "discount", "tax", "reversal", "schedule", "tier", "tier", "posted", "earned"];
        let expected = of_charge.map(|text| (CHARGE.0, text)).into_iter().chain([(80, "payment")]);
        assert_eq!(rows, expected.collect::<Vec<_>>());
        verify::each_posting_row(tx, ELSEWHERE, |id, _| panic!("{id}"))?;
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn purchases_customers_and_jobs_come_with_their_counterparts() {
    each_store(|tx| {
        tell_story(tx)?;
        let mut rows = Vec::new();
        verify::each_purchase_row(tx, HERE, |id, row| {
            assert_eq!(id, PURCHASE);
            rows.push(match row {
                PurchaseRow::Purchase(stored) => (stored.status.to_owned(), stored.sale.quantity, stored.tracks_items),
                PurchaseRow::Charge(sale) => ("charge".to_owned(), sale.quantity, sale.customer == Some(CUSTOMER)),
                PurchaseRow::Discount(taken) => (format!("less {taken}"), quantity("0"), true),
                PurchaseRow::Item => ("item".to_owned(), quantity("1"), true),
            });
        })?;
        rows.sort();
        let row = |what: &str, quantity| (what.to_owned(), quantity, true);
        let expected = [row("Draft", quantity("2")), row("charge", quantity("3")), row("less 1", quantity("0"))];
        assert_eq!(rows, expected);
        verify::each_purchase_row(tx, ELSEWHERE, |id, _| panic!("{id}"))?;
        let mut owed = [amount("0"); 3];
        verify::each_receivable_row(tx, HERE, |id, row| {
            assert_eq!(id, CUSTOMER);
            match row {
                ReceivableRow::Balance(balance) => owed[0] = balance,
                ReceivableRow::Outstanding(outstanding) => owed[1] = outstanding,
                ReceivableRow::Unallocated(unallocated) => owed[2] = unallocated,
            }
        })?;
        assert_eq!(owed, ["14", "0", "5.7"].map(amount));
        verify::each_receivable_row(tx, ELSEWHERE, |id, _| panic!("{id}"))?;
        tx.execute(
            "INSERT INTO bulk_job (account_id, id, job_type, status, total, successful, failed, processed,
                 failed_processed, created_at, file_name, reference, is_internal, next_record_id)
             SELECT id, 5, 'BulkWriteOff', 'Processing', 9, 8, 7, 6, 5, created_at, '', '', FALSE, 1
             FROM account WHERE id = $1",
            &values![HERE.0],
        )?;
        let records = ["PassedValidation", "FailedValidation", "Processed", "Processed", "FailedProcessing"];
        let records = (1i64..).zip(records).map(|(id, status)| values![HERE.0, 5, id, status, ""]);
        tx.insert("bulk_record", &["account_id", "job_id", "id", "status", "data"], records)?;
        for id in [7_i64, 8] {
            tx.execute(
                "INSERT INTO bulk_lane (account_id, job_id, id, next_record_id, end_record_id, successful, failed, processed,
                     failed_processed, is_ordered, last_at, last_id)
                 SELECT id, 5, $2, 1, 6, 10, 20, 30, 40, FALSE, created_at, 1 FROM account WHERE id = $1",
                &values![HERE.0, id],
            )?;
        }
        tx.execute("UPDATE bulk_job SET has_totals = TRUE WHERE account_id = $1", &values![HERE.0])?;
        tx.execute("UPDATE bulk_record SET amount = 3000001 WHERE account_id = $1", &values![HERE.0])?;
        for (currency, lane) in [("USD", 1), ("USD", 2), ("CAD", 1)] {
            let total = BulkTotal { moved: amount("2.5"), ..BulkTotal::none(Currency::parse(currency).unwrap()) };
            bulk::total::add(tx, HERE, BulkJobId(5), BulkLaneId(lane), &[total])?;
        }
        let mut jobs = Vec::new();
        verify::each_job(tx, HERE, |job| jobs.push(job))?;
        let stored = BulkCounts { total: 9, successful: 28, failed: 47, processed: 66, failed_processed: 85 };
        let counted = BulkCounts { total: 5, successful: 4, failed: 1, processed: 2, failed_processed: 1 };
        let (stored_moved, counted_moved) = (amount("7.5"), amount("6.000002"));
        assert_eq!(jobs, [JobRow { id: BulkJobId(5), stored, counted, stored_moved, counted_moved }]);
        verify::each_job(tx, ELSEWHERE, |job| panic!("{job:?}"))?;
        Ok(())
    })
    .await;
}
