//! Files of results, and that they are read as the records they were made of.

use axum::body::Bytes;
use billing::{
    bulk::{BulkCounts, BulkJobStatus, BulkJobType, BulkOptions},
    id::{BulkJobId, BulkRecordId},
    named::Named as _,
};
use calendar::Instant;
use proptest::prelude::*;

use super::*;
use crate::{
    intake::{Format, Intake},
    routes::bulk::row,
};

fn job(job_type: BulkJobType, columns: Option<&str>) -> BulkJob {
    BulkJob {
        id: BulkJobId(7),
        job_type,
        status: BulkJobStatus::ProcessedWithErrors,
        counts: BulkCounts::default(),
        created_at: Instant::NEVER_SET,
        validated_at: None,
        processing_at: None,
        processed_at: None,
        file_name: String::new(),
        reference: String::new(),
        related_id: None,
        is_internal: false,
        given_up: None,
        given_up_count: 0,
        options: BulkOptions::default(),
        paused_at: None,
        content_hash: None,
        columns: columns.map(str::to_owned),
        records_deleted_at: None,
    }
}

fn failed(data: &str) -> BulkRecord {
    BulkRecord {
        id: BulkRecordId(1),
        status: BulkRecordStatus::FailedProcessing,
        data: data.to_owned(),
        details: Some("No, \"never\".".to_owned()),
        created_id: None,
        amount: None,
    }
}

fn file(form: Form, job: &BulkJob, records: &[BulkRecord]) -> String {
    let sheet = Sheet::of(form, job);
    sheet.head().unwrap() + &sheet.records(records).unwrap()
}

/// The records that a file of results is read as.
fn read(form: Form, job_type: BulkJobType, file: &str) -> Vec<String> {
    let format = if form == Form::Csv { Format::Csv } else { Format::JsonLines };
    let mut intake = Intake::new(format, layout(job_type).unwrap(), false);
    intake.feed(Bytes::copy_from_slice(file.as_bytes()));
    assert_eq!(intake.portion(usize::MAX), Ok(None), "{file:?}");
    intake.finish().unwrap_or_else(|error| panic!("{error:?}: {file:?}"))
}

#[test]
fn rows_have_the_columns_of_their_file_and_what_became_of_them() {
    let job = job(BulkJobType::PaymentImport, Some(r#"["Amount","StaxBillID"]"#));
    let created = BulkRecord {
        status: BulkRecordStatus::Processed,
        details: None,
        created_id: Some(9),
        amount: Some(money::Amount::from_millionths(1_500_000)),
        ..failed(r#"{"Amount":"01.50","StaxBillID":"7"}"#)
    };
    let records = [created, failed(r#"{"StaxBillID":"=1+1"}"#)];
    assert_eq!(
        file(Form::Csv, &job, &records),
        "Amount,StaxBillID,Status,Details,CreatedId,AmountMoved\r\n\
         01.50,7,Processed,,9,1.50\r\n\
         ,=1+1,FailedProcessing,\"No, \"\"never\"\".\",,\r\n"
    );
    assert_eq!(
        file(Form::JsonLines, &job, &records),
        "{\"record\":{\"Amount\":\"01.50\",\"StaxBillID\":\"7\"},\"status\":\"Processed\",\"details\":null,\"createdId\":9,\
         \"amountMoved\":1.5000}\n\
         {\"record\":{\"StaxBillID\":\"=1+1\"},\"status\":\"FailedProcessing\",\"details\":\"No, \\\"never\\\".\",\
         \"createdId\":null,\"amountMoved\":null}\n"
    );
}

#[test]
fn what_came_as_json_has_all_columns_and_one_for_what_they_cannot_hold() {
    let job = job(BulkJobType::CreatePurchaseProductItem, None);
    let records = [failed(r#"{"purchaseid":1.50,"NAME":true,"Description":null}"#), failed(r#"{"PurchaseId":[1]}"#)];
    assert_eq!(
        file(Form::Csv, &job, &records),
        "PurchaseId,Reference,Name,Description,Record,Status,Details,CreatedId,AmountMoved\r\n\
         1.50,,true,,,FailedProcessing,\"No, \"\"never\"\".\",,\r\n\
         ,,,,\"{\"\"PurchaseId\"\":[1]}\",FailedProcessing,\"No, \"\"never\"\".\",,\r\n"
    );
}

#[test]
fn no_type_has_a_column_that_files_of_results_have() {
    for layout in BulkJobType::ALL.iter().filter_map(|job_type| layout(*job_type)) {
        for column in layout.columns {
            let is_taken = COLUMNS.iter().chain([&RECORD_COLUMN]).any(|name| name.eq_ignore_ascii_case(column.name));
            assert!(!is_taken, "{}", column.name);
        }
    }
}

/// The members of a record in any order and any case of their names, where it is a row.
fn meaning(record: &str) -> Result<Vec<(String, String)>, String> {
    let cells = row::parse(record.as_bytes()).map_err(|_| record.to_owned())?;
    let mut cells: Vec<_> = cells.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
    cells.sort();
    Ok(cells)
}

/// Texts of what spreadsheets, separators and quotes make hard.
fn nasty() -> impl Strategy<Value = String> {
    prop_oneof!["[ a0=+@;,\t\"'\\\\\r\n{}\\[\\]:ä€]{0,9}", "0[0-9]{1,4}", Just("null".to_owned()), "[^\0]{0,4}"]
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => nasty().prop_map(|text| serde_json::Value::from(text).to_string()),
        1 => Just("null".to_owned()),
        1 => Just("true".to_owned()),
        1 => "-?[1-9][0-9]{0,3}(\\.[0-9]{1,3})?",
        1 => Just("[1, {\"a\":\n2}]".to_owned()),
    ]
}

fn record() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec!["PurchaseId", "purchaseID", "Reference", "Name", "Other", "record", "status"]);
    let object = prop::collection::vec((name, value()), 0..4).prop_map(|members| {
        let members: Vec<_> = members.iter().map(|(name, value)| format!("\"{name}\": {value}")).collect();
        format!("{{{}}}", members.join(","))
    });
    prop_oneof![4 => object, 1 => nasty(), 1 => value()]
}

proptest! {
    #[test]
    fn a_file_of_results_is_read_as_its_records(data in record()) {
        // Line ends between the tokens of JSON are blanks in a file of lines.
        let is_json = data.starts_with(['{', '[']) && serde_json::from_str::<serde::de::IgnoredAny>(&data).is_ok();
        let one_line = if is_json && data.trim() == data { data.replace(['\n', '\r'], " ") } else { data.clone() };
        for job_type in [BulkJobType::CreatePurchaseProductItem, BulkJobType::BulkWriteOff] {
            let lines = file(Form::JsonLines, &job(job_type, None), &[failed(&data)]);
            prop_assert_eq!(read(Form::JsonLines, job_type, &lines), [one_line.as_str()]);
        }
        let job_type = BulkJobType::BulkWriteOff;
        let bare = file(Form::Csv, &job(job_type, None), &[failed(&data)]);
        prop_assert_eq!(read(Form::Csv, job_type, &bare), [data.trim()]);
        let job_type = BulkJobType::CreatePurchaseProductItem;
        let rows = file(Form::Csv, &job(job_type, None), &[failed(&data)]);
        let again: Vec<_> = read(Form::Csv, job_type, &rows).iter().map(|record| meaning(record)).collect();
        prop_assert_eq!(again, [meaning(&one_line)]);
    }
}
