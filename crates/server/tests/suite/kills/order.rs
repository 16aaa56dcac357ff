//! The jobs: records of one type, some of them bad, in one of the modes, and what is to become of each.

use std::collections::HashSet;

use calendar::Clock;
use serde_json::{Value, json};
use testkit::Dice;

/// Invoices and customers that do not exist.
const NOBODY: i64 = 1 << 40;
/// Doublings of the smallest size; small jobs are more likely than large ones.
const SIZES: u64 = 6;
const SIZE_MIN: u64 = 50;
const SIZE_MAX: u64 = 3_000;
/// Records that may share a transaction.
const SHORT_MAX: usize = 300;

/// From when a file is sent until it may be processed by itself, in milliseconds.
const START_MS: i64 = 500;

/// What the records are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    WriteOffs,
    Payments,
    Customers,
    Purchases,
}

impl Kind {
    pub(super) const ALL: [Self; 4] = [Self::WriteOffs, Self::Payments, Self::Customers, Self::Purchases];
}

/// How the job is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Continue,
    Atomic,
    DryRun,
    AtomicDryRun,
    /// Pauses after so many records.
    PauseAfter(usize),
    /// Is processed by itself when it is validated, and half a second has passed.
    AtOnce,
}

/// What becomes of a record that is applied by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Applied,
    Invalid,
    /// Passes validation, and a record before it makes that it cannot be applied.
    Refused,
}

/// One record.
struct Line {
    data: Value,
    end: End,
    /// Names the effect.
    key: String,
}

/// What is to become of a record.
pub(super) struct Expected<'a> {
    pub(super) status: &'static str,
    /// Names what it leaves in the books; absent where that is nothing.
    pub(super) effect: Option<&'a str>,
    /// What is told of it.
    pub(super) event: Option<&'static str>,
}

/// One job.
pub(super) struct Order {
    pub(super) kind: Kind,
    pub(super) mode: Mode,
    /// Sent as a file, and not to the original's own call.
    pub(super) is_file: bool,
    /// What no other job has, part of the names of all effects.
    pub(super) label: String,
    lines: Vec<Line>,
}

/// What jobs are about.
pub(super) struct Stock<'a> {
    pub(super) customers: &'a [i64],
    /// Makes so many invoices of one dollar: each with its customer.
    pub(super) sell: &'a dyn Fn(usize) -> Vec<(i64, i64)>,
}

impl Order {
    pub(super) fn draw(dice: &mut Dice, label: String, stock: &Stock<'_>) -> Self {
        let kind = dice.pick(&[Kind::WriteOffs, Kind::WriteOffs, Kind::Payments, Kind::Customers, Kind::Purchases]);
        let size = SIZE_MIN << dice.below(SIZES).min(dice.below(SIZES));
        let size = (size + dice.below(size)).min(SIZE_MAX);
        let ends = ends(dice, usize::try_from(size).expect("a small number"), kind);
        let pause = 1 + usize::try_from(dice.below(size / 4)).expect("a small number");
        let mode = match dice.below(10) {
            0 => Mode::Atomic,
            1 => Mode::DryRun,
            2 => Mode::AtomicDryRun,
            3 | 4 => Mode::PauseAfter(pause),
            5 => Mode::AtOnce,
            _ => Mode::Continue,
        };
        let may_be_called = matches!(kind, Kind::WriteOffs | Kind::Payments) && mode == Mode::Continue;
        let is_file = !may_be_called || dice.one_in(4);
        let lines = match kind {
            Kind::WriteOffs => write_offs(&ends, stock),
            Kind::Payments => payments(dice, &ends, &label, stock),
            Kind::Customers => {
                rows(&ends, &label, |key, end| format!("{key},{}", if end == End::Invalid { "XXX" } else { "USD" }))
            }
            Kind::Purchases => rows(&ends, &label, |key, end| {
                let customer = dice.pick(stock.customers);
                let product = if end == End::Invalid { "NONE" } else { "P" };
                format!("{customer},{product},{key},1,{}", if dice.one_in(2) { "Yes" } else { "No" })
            }),
        };
        Self { kind, mode, is_file, label, lines }
    }

    pub(super) fn describe(&self) -> String {
        let count = |end| self.lines.iter().filter(|line| line.end == end).count();
        let (invalid, refused) = (count(End::Invalid), count(End::Refused));
        let way = if self.is_file { "a file" } else { "a call" };
        format!(
            "{:?} {:?}, {way} of {} records, {invalid} invalid, {refused} refused",
            self.kind,
            self.mode,
            self.len()
        )
    }

    pub(super) fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether all records are, or may be, processed in one transaction, which shows no progress.
    pub(super) fn is_in_one_piece(&self) -> bool {
        match self.mode {
            Mode::Atomic | Mode::DryRun | Mode::AtomicDryRun => true,
            Mode::Continue | Mode::PauseAfter(_) | Mode::AtOnce => self.len() <= SHORT_MAX,
        }
    }

    /// Whether any record is processed: none is of an atomic job of which one is invalid.
    pub(super) fn is_tried(&self) -> bool {
        !self.is_atomic() || self.lines.iter().all(|line| line.end != End::Invalid)
    }

    fn is_atomic(&self) -> bool {
        matches!(self.mode, Mode::Atomic | Mode::AtomicDryRun)
    }

    /// The type of the job.
    pub(super) fn job_type(&self) -> &'static str {
        match self.kind {
            Kind::WriteOffs => "BulkWriteOff",
            Kind::Payments => "BulkPayment",
            Kind::Customers => "CustomerImportBasic",
            Kind::Purchases => "PurchaseImport",
        }
    }

    /// The body of the original's own call.
    pub(super) fn body(&self) -> Value {
        let data: Vec<_> = self.lines.iter().map(|line| &line.data).collect();
        json!({ "accountUploadType": self.job_type(), "data": data })
    }

    /// The same records as a file: its path with all options, its media type, its text.
    pub(super) fn file(&self) -> (String, &'static str, String) {
        let options = match self.mode {
            Mode::Continue => String::new(),
            Mode::Atomic => "&mode=Atomic".to_owned(),
            Mode::DryRun => "&dryRun=true".to_owned(),
            Mode::AtomicDryRun => "&mode=Atomic&dryRun=true".to_owned(),
            Mode::PauseAfter(count) => format!("&pauseAfter={count}"),
            Mode::AtOnce => format!("&startAt={}Z", Clock::system().now().plus_millis(START_MS)),
        };
        let path = format!("/v1/BulkApi/Upload?type={}{options}", self.job_type());
        let (media_type, head) = match self.kind {
            Kind::WriteOffs => ("text/csv", "InvoiceId\n"),
            Kind::Payments => ("application/jsonl", ""),
            Kind::Customers => ("text/csv", "Reference,Currency\n"),
            Kind::Purchases => {
                ("text/csv", "StaxBillId,ProductCode,PurchaseName,PurchaseQuantity,AutoFinalizePurchase\n")
            }
        };
        let line = |line: &Line| line.data.as_str().map_or_else(|| line.data.to_string(), str::to_owned) + "\n";
        (path, media_type, head.to_owned() + &self.lines.iter().map(line).collect::<String>())
    }

    /// What is to become of every record, in their order.
    pub(super) fn expected(&self) -> Vec<Expected<'_>> {
        let any = |end| self.lines.iter().any(|line| line.end == end);
        let is_dry_run = matches!(self.mode, Mode::DryRun | Mode::AtomicDryRun);
        let is_undone = self.is_atomic() && (any(End::Invalid) || any(End::Refused));
        let is_tried = self.is_tried();
        let expected = |line: &'_ Line| match line.end {
            End::Invalid => ("FailedValidation", Some("BulkRecordRefused")),
            End::Refused => ("FailedProcessing", is_tried.then_some("BulkRecordFailed")),
            // Given up with its job.
            End::Applied if is_undone => ("FailedProcessing", None),
            End::Applied => ("Processed", Some("BulkRecordProcessed")),
        };
        let of_line = |line| {
            let (status, event) = expected(line);
            let has_effect = status == "Processed" && !is_dry_run;
            // Nothing is told of the records of a dry run, because nothing happens.
            let event = event.filter(|_| !is_dry_run);
            Expected { status, effect: has_effect.then_some(line.key.as_str()), event }
        };
        self.lines.iter().map(of_line).collect()
    }

    /// What is told of the job, in order.
    pub(super) fn events_of_job(&self) -> Vec<&'static str> {
        let pause: &[_] =
            if matches!(self.mode, Mode::PauseAfter(_)) { &["BulkJobPaused", "BulkJobResumed"] } else { &[] };
        [&["BulkJobCreated", "BulkJobValidated", "BulkJobStarted"][..], pause, &["BulkJobProcessed"]].concat()
    }

    /// The names of everything that may be left in the books.
    pub(super) fn keys(&self) -> HashSet<&str> {
        self.lines.iter().map(|line| line.key.as_str()).collect()
    }
}

/// One in twenty is bad in many jobs, none in the others.
fn ends(dice: &mut Dice, size: usize, kind: Kind) -> Vec<End> {
    let (is_invalid, is_refused) = (dice.one_in(2), dice.one_in(2));
    let can_be_refused = matches!(kind, Kind::WriteOffs | Kind::Payments);
    let mut end = |index: usize| match dice.below(20) {
        0 if is_invalid => End::Invalid,
        1 if is_refused && can_be_refused && index > 0 => End::Refused,
        _ => End::Applied,
    };
    // The first is good: others are refused because of it.
    (0..size).map(|index| if index == 0 { End::Applied } else { end(index) }).collect()
}

/// Refused are invoices that a record before has written off.
fn write_offs(ends: &[End], stock: &Stock<'_>) -> Vec<Line> {
    let mut invoices = (stock.sell)(ends.iter().filter(|end| **end == End::Applied).count()).into_iter();
    let mut last = 0;
    let line = |(index, end): (i64, &End)| {
        let invoice = match end {
            End::Applied => {
                last = invoices.next().expect("an invoice for every good record").0;
                last
            }
            End::Invalid => NOBODY + index,
            End::Refused => last,
        };
        Line { data: json!(invoice), end: *end, key: invoice.to_string() }
    };
    (0..).zip(ends).map(line).collect()
}

/// Refused are payments for an invoice that the record before has paid.
fn payments(dice: &mut Dice, ends: &[End], label: &str, stock: &Stock<'_>) -> Vec<Line> {
    let is_paid_twice = |index: usize| ends[index..].get(1) == Some(&End::Refused);
    let paid: Vec<usize> =
        (0..ends.len()).filter(|index| ends[*index] == End::Applied && is_paid_twice(*index)).collect();
    let mut invoices = if paid.is_empty() { Vec::new() } else { (stock.sell)(paid.len()) }.into_iter();
    let mut last = None;
    let mut lines = Vec::with_capacity(ends.len());
    for (index, end) in ends.iter().enumerate() {
        let key = format!("{label}-{index}");
        let mut payment = json!({
            "customerId": dice.pick(stock.customers), "source": "Import", "paymentMethod": "Check",
            "amount": 1 + dice.below(9), "reference": key
        });
        let mut end = *end;
        match end {
            End::Invalid => payment["customerId"] = json!(NOBODY),
            End::Applied if is_paid_twice(index) => last = invoices.next(),
            End::Applied => last = None,
            End::Refused => {}
        }
        match last.filter(|_| end != End::Invalid) {
            Some((invoice, customer)) => {
                payment["customerId"] = json!(customer);
                payment["amount"] = json!(1);
                payment["paymentAllocations"] = json!([{ "invoiceId": invoice, "amount": 1 }]);
            }
            // A refused record after one that says nothing of an invoice is a good one.
            None if end == End::Refused => end = End::Applied,
            None => {}
        }
        lines.push(Line { data: payment, end, key });
    }
    lines
}

/// Rows of a file, each with a name of its own.
fn rows(ends: &[End], label: &str, mut row: impl FnMut(&str, End) -> String) -> Vec<Line> {
    let line = |(index, end): (usize, &End)| {
        let key = format!("{label}-{index}");
        Line { data: json!(row(&key, *end)), end: *end, key }
    };
    ends.iter().enumerate().map(line).collect()
}
