//! Files as they come, in one piece and byte by byte.

use std::io::Write as _;

use app::bulk::types::layout;
use billing::bulk::BulkJobType;
use flate2::{Compression, write::GzEncoder};

use super::*;

const ALL: usize = usize::MAX;

/// What is read of a file that comes in pieces of this size.
fn read_by(size: usize, format: Format, job_type: BulkJobType, file: &[u8]) -> Result<Vec<String>, FileError> {
    let mut intake = Intake::new(format, layout(job_type).unwrap(), false);
    let mut records = Vec::new();
    for piece in file.chunks(size) {
        intake.feed(Bytes::copy_from_slice(piece));
        while let Some(portion) = intake.portion(ALL)? {
            records.extend(portion);
        }
    }
    records.extend(intake.finish()?);
    Ok(records)
}

/// What is read of a file, however it is cut.
fn read(format: Format, job_type: BulkJobType, file: &[u8]) -> Result<Vec<String>, FileError> {
    let whole = read_by(file.len().max(1), format, job_type, file);
    for size in [1, 2, 3, 7] {
        assert_eq!(read_by(size, format, job_type, file), whole, "in pieces of {size}");
    }
    whole
}

fn invoices(file: &[u8]) -> Result<Vec<String>, String> {
    read(Format::Csv, BulkJobType::BulkWriteOff, file).map_err(|error| error.0.join(" | "))
}

fn packed(file: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(file).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_csv_file_of_ids_is_read_however_it_is_written() {
    for file in [
        "InvoiceId\n1\n2\n",
        "InvoiceId\n1\n2",
        "InvoiceId\r\n1\r\n2\r\n",
        "\u{feff}InvoiceId\n1\n2\n",
        "\"InvoiceId\"\n\"1\"\n 2 \n",
        "\n\ninvoiceid\n\n1\n\n2\n\n",
        "Status,InvoiceId,Details,CreatedId\nFailed,1,\"no, \"\"never\"\"\",\n,2,,\n",
        "InvoiceId;Status\n1;\n2;x\n;\n",
        "InvoiceId\tStatus\n1\t\n2\tx,y;z\n",
        "InvoiceId,Status\n1,,,\n2,\"a\r\nb\"\n",
        "InvoiceId\n\"1\" \n2\r",
    ] {
        assert_eq!(invoices(file.as_bytes()), Ok(vec!["1".to_owned(), "2".to_owned()]), "{file:?}");
    }
}

#[test]
fn rows_of_columns_become_objects_without_what_is_empty() {
    let file = "CUSTOMERID;Source;paymentMethod;amount;reference\n7; Import ;Check;1.50;\"ä \"\"b\"\"; c\"\n8;;;;\n";
    let expected = [
        r#"{"customerId":"7","source":"Import","paymentMethod":"Check","amount":"1.50","reference":"ä \"b\"; c"}"#,
        r#"{"customerId":"8"}"#,
    ];
    assert_eq!(read(Format::Csv, BulkJobType::BulkPayment, file.as_bytes()).unwrap(), expected);
    let mut intake = Intake::new(Format::Csv, layout(BulkJobType::BulkPayment).unwrap(), false);
    assert_eq!(intake.columns(), None);
    intake.feed(Bytes::copy_from_slice(file.as_bytes()));
    assert_eq!(intake.portion(1).unwrap().map(|portion| portion.len()), Some(1));
    let columns = r#"["customerId","source","paymentMethod","amount","reference"]"#;
    assert_eq!(intake.columns().as_deref(), Some(columns));
}

#[test]
fn a_whole_record_stands_alone_in_its_row() {
    let read = |file: &str| {
        let read = read(Format::Csv, BulkJobType::PurchaseActivationImport, file.as_bytes());
        read.map_err(|error| error.0.join(" | "))
    };
    let records = read("PurchaseId,Status,record\n7,x,\n,,\"{\"\"a\"\":[1]}\"\n,x,\"\"\"text\"\"\"\n").unwrap();
    assert_eq!(records, [r#"{"PurchaseId":"7"}"#, r#"{"a":[1]}"#, "text"]);
    let told = "Line 2, column 3: A row with a Record has no other cells of a record.";
    assert_eq!(read("PurchaseId,Record\n7,{}\n"), Err(told.to_owned()));
    assert_eq!(read("PurchaseId,Record\n,{x}\n"), Err("Line 2, column 2: The record is not JSON.".to_owned()));
    let told = "Line 1, column 19: The column Record is there twice.";
    assert_eq!(read("PurchaseId,Record,Record\n"), Err(told.to_owned()));
}

#[test]
fn of_a_line_of_results_the_record_is_taken() {
    let lines = concat!(
        "{\"record\":{\"a\":1.50},\"status\":\"x\"}\n",
        "{\"status\":\"Failed\",\"details\":\"no\",\"createdId\":null,\"amountMoved\":1.5000, \"record\" : \"x;y\" }\n",
        "{\"record\":[1],\"status\":{}}\n",
        "{\"record\":1}\n",
        "{\"record\":1,\"status\":2,\"other\":3}\n",
    );
    let expected = ["{\"a\":1.50}", "x;y", "[1]", "{\"record\":1}", "{\"record\":1,\"status\":2,\"other\":3}"];
    assert_eq!(read(Format::JsonLines, BulkJobType::BulkPayment, lines.as_bytes()).unwrap(), expected);
}

#[test]
fn what_was_processed_is_not_sent_again_with_its_results() {
    let told = |format, file: &str| read(format, BulkJobType::BulkPayment, file.as_bytes()).map_err(|error| error.0);
    let text = "This record was processed, as its Status says, and would be processed once more. Leave it out, or empty its Status.";
    let columns = "customerId,source,paymentMethod,amount,STATUS\n7,Import,Check,1,FailedProcessing\n";
    let file = format!("{columns}8,Import,Check,1, processed \n");
    assert_eq!(told(Format::Csv, &file), Err(vec![format!("Line 3, column 18: {text}")]));
    let lines = "{\"record\":1,\"status\":\"FailedProcessing\"}\n{\"status\":\"Processed\",\"record\":2}\n";
    assert_eq!(told(Format::JsonLines, lines), Err(vec![format!("Line 2, column 1: {text}")]));
    assert_eq!(told(Format::Csv, &format!("{columns}8,Import,Check,1,\n")).unwrap().len(), 2);
}

#[test]
fn what_is_wrong_with_a_csv_file_is_told_by_line_and_column() {
    let long = format!("InvoiceId\n1\n{}\n", "x".repeat(RECORD_BYTES_MAX + 1));
    let unclosed = format!("InvoiceId\n1\n2,\"{}\n", "x\n".repeat(RECORD_BYTES_MAX));
    for (file, told) in [
        (&b""[..], "Line 1, column 1: The file is empty."),
        (b"\n \n", "Line 1, column 1: The file is empty."),
        (b"InvoiceId\n1\n\"2\n", "Line 3, column 1: The quote is never closed."),
        (
            b"InvoiceId\n\"1\"2\n",
            "Line 2, column 4: After a cell in quotes, only a separator or the end of the line can follow.",
        ),
        (b"InvoiceId\n1\"\n", "Line 2, column 2: A quote within a cell must be doubled, and the cell be in quotes."),
        (b"InvoiceId\n1\r2\n", "Line 2, column 3: A carriage return must be followed by a line feed."),
        (
            b"Invoice\n1\n",
            "Line 1, column 1: The column Invoice is unknown. | Line 1, column 1: The column InvoiceId is missing.",
        ),
        (b"Status,InvoiceId,invoiceID\n1\n", "Line 1, column 18: The column InvoiceId is there twice."),
        (b"InvoiceId,,Status\n1\n", "Line 1, column 11: A column has no name."),
        (b"InvoiceId,Status\n1,x\n2\n", "Line 3, column 1: The row has 1 cells, but the file has 2 columns."),
        (b"InvoiceId\n1\n2,3\n", "Line 3, column 1: The row has 2 cells, but the file has 1 columns."),
        (
            b"InvoiceId,Status\n1,M\xfcller\n",
            "Line 2, column 4: The byte FC is not UTF-8. Save the file as UTF-8; spreadsheets call that \"CSV UTF-8\".",
        ),
        (b"InvoiceId,Status\n1,\xc3\xa4\xe2\x82", "Line 2, column 4: The file ends in the middle of a character."),
        (
            b"\xff\xfeI\0n\0",
            "Line 1, column 1: The file is UTF-16. Save the file as UTF-8; spreadsheets call that \"CSV UTF-8\".",
        ),
        (b"InvoiceId\n1\0\n", "Line 2, column 2: The file has a NUL character here."),
    ] {
        assert_eq!(invoices(file), Err(told.to_owned()), "{file:?}");
    }
    for (file, place) in [(long, "Line 3, column 1"), (unclosed, "Line 3, column 3")] {
        let told = read_by(4096, Format::Csv, BulkJobType::BulkWriteOff, file.as_bytes()).unwrap_err();
        assert_eq!(told.0, [format!("{place}: A record may have at most 1048576 bytes.")]);
    }
    assert_eq!(invoices(b"InvoiceId\n"), Ok(Vec::new()), "no record, which is told elsewhere");
}

#[test]
fn json_is_taken_as_it_is_in_lines_or_as_an_array() {
    let lines = "\u{feff}{\"a\":1.50}\r\n\n  7 \n\"x\\\"y\"\n{\"b\":[1,{\"c\":\"],\"}]}";
    let array = " [ {\"a\":1.50} ,7, \"x\\\"y\"\n,{\"b\":[1,{\"c\":\"],\"}]}]\n";
    let expected = ["{\"a\":1.50}", "7", "x\"y", "{\"b\":[1,{\"c\":\"],\"}]}"];
    for (format, file) in [(Format::JsonLines, lines), (Format::Json, array)] {
        assert_eq!(read(format, BulkJobType::BulkWriteOff, file.as_bytes()).unwrap(), expected);
    }
    assert_eq!(read(Format::Json, BulkJobType::BulkWriteOff, b"[]").unwrap(), [""; 0]);
    assert_eq!(read(Format::JsonLines, BulkJobType::BulkWriteOff, b"\n").unwrap(), [""; 0]);
}

#[test]
fn what_is_wrong_with_json_is_told_by_line_and_column() {
    for (format, file, told) in [
        (Format::JsonLines, "1\n  {\"a\":}\n", "Line 2, column 8: The record is not JSON: expected value."),
        (Format::JsonLines, "{\"ä\" 1}", "Line 1, column 6: The record is not JSON: expected `:`."),
        (Format::JsonLines, "1\n{\"a\":1", "Line 2, column 6: The record is not JSON: EOF while parsing an object."),
        (Format::JsonLines, "{a:1}", "Line 1, column 2: The record is not JSON: key must be a string."),
        (Format::Json, "", "Line 1, column 1: The file is not a JSON array of records."),
        (Format::Json, "\n{}", "Line 2, column 1: The file is not a JSON array of records."),
        (Format::Json, "[1,\n,2]", "Line 2, column 1: A record is missing."),
        (Format::Json, "[1,]", "Line 1, column 4: A record is missing."),
        (Format::Json, "[1] 2", "Line 1, column 5: Nothing may follow the array."),
        (Format::Json, "[1,\n\"2", "Line 2, column 3: The file ends before its array does."),
        (Format::Json, "[1,\n {\"a\":\n x}]", "Line 3, column 2: The record is not JSON: expected value."),
    ] {
        let found = read(format, BulkJobType::BulkWriteOff, file.as_bytes());
        assert_eq!(found.map_err(|error| error.0.join(" | ")), Err(told.to_owned()), "{file:?}");
    }
    for (format, begin) in [(Format::JsonLines, "\""), (Format::Json, "[\"")] {
        let file = format!("{begin}{}", "x".repeat(RECORD_BYTES_MAX));
        let told = read_by(4096, format, BulkJobType::BulkWriteOff, file.as_bytes()).unwrap_err();
        assert!(told.0[0].ends_with("A record may have at most 1048576 bytes."), "{told:?}");
    }
}

#[test]
fn a_packed_file_is_known_by_how_it_begins() {
    let file = b"InvoiceId\n1\n2\n";
    let twice = [packed(b"InvoiceId\n1\n"), packed(b"2\n")].concat();
    for packed in [packed(file), twice] {
        assert_eq!(invoices(&packed), Ok(vec!["1".to_owned(), "2".to_owned()]));
        let cut = invoices(&packed[..packed.len() - 3]).unwrap_err();
        assert!(cut.starts_with("The file is not gzip, or is cut off"), "{cut}");
    }
    let mut said = Intake::new(Format::Csv, layout(BulkJobType::BulkWriteOff).unwrap(), true);
    said.feed(Bytes::from_static(file));
    assert!(said.portion(ALL).is_err() || said.finish().is_err(), "who says gzip must send it");
}

#[test]
fn portions_are_bounded_by_number_and_size() {
    let mut intake = Intake::new(Format::Csv, layout(BulkJobType::BulkWriteOff).unwrap(), false);
    let rows: Vec<_> = (0..10).map(|id| format!("{id}\n")).collect();
    intake.feed(Bytes::from(format!("InvoiceId\n{}", rows.concat())));
    let counts: Vec<_> = std::iter::from_fn(|| intake.portion(4).unwrap()).map(|portion| portion.len()).collect();
    assert_eq!((counts, intake.taken().len()), (vec![4, 4], 2));
    let big = format!("\"{}\"\n", "x".repeat(RECORD_BYTES_MAX / 2));
    let mut intake = Intake::new(Format::JsonLines, layout(BulkJobType::BulkWriteOff).unwrap(), false);
    intake.feed(Bytes::from(big.repeat(5)));
    let counts: Vec<_> = std::iter::from_fn(|| intake.portion(ALL).unwrap()).map(|portion| portion.len()).collect();
    assert_eq!((counts, intake.finish().unwrap().len()), (vec![2, 2], 1));
}

/// A few bytes that become a great many are unpacked a little at a time.
#[test]
fn a_bomb_is_taken_apart_in_portions() {
    let bomb = packed(&[b"InvoiceId\n".to_vec(), b"1\n".repeat(400_000)].concat());
    assert!(bomb.len() < 2_000, "{}", bomb.len());
    let mut intake = Intake::new(Format::Csv, layout(BulkJobType::BulkWriteOff).unwrap(), false);
    intake.feed(Bytes::from(bomb));
    let (mut count, mut waiting_max) = (0, 0);
    while let Some(portion) = intake.portion(500).unwrap() {
        count += portion.len();
        waiting_max = waiting_max.max(intake.records.read.len());
    }
    assert_eq!(count + intake.finish().unwrap().len(), 400_000);
    assert!(waiting_max < 200_000, "{waiting_max}");
}

/// Blanks without end are no file, however few bytes they come in. So many of them do not take long either.
#[test]
fn blanks_without_end_are_refused() {
    let blanks = |head: &str, blank: &str, byte_count: usize, rest: &str| {
        packed(format!("{head}{}{rest}", blank.repeat(byte_count / blank.len())).as_bytes())
    };
    let told = "The last 4194304 bytes before this hold no record.";
    for (format, head, blank) in [
        (Format::Csv, "InvoiceId\n1\n", "\n"),
        (Format::Csv, "InvoiceId\n1\n", " \r\n"),
        (Format::JsonLines, "1\n", " \n"),
        (Format::Json, "[1,", "\n"),
        (Format::Json, "[1]", " "),
    ] {
        let read = |byte_count| {
            let file = blanks(head, blank, byte_count, if head == "[1," { "2]" } else { "\n" });
            assert!(file.len() < 10_000, "{}", file.len());
            read_by(4_096, format, BulkJobType::BulkWriteOff, &file).map_err(|error| error.0.join(" | "))
        };
        assert!(read(IDLE_BYTES_MAX / 2).is_ok(), "{head:?}");
        let refused = read(2 * IDLE_BYTES_MAX).unwrap_err();
        assert!(refused.starts_with("Line ") && refused.ends_with(told), "{head:?}: {refused}");
    }
    let begin = blanks("", "\n", RECORD_BYTES_MAX - 100, "InvoiceId\n7\n");
    assert_eq!(invoices(&begin), Ok(vec!["7".to_owned()]));
    let begin = blanks("", "\n", 2 * RECORD_BYTES_MAX, "InvoiceId\n7\n");
    assert_eq!(invoices(&begin), Err("Line 1, column 1: A record may have at most 1048576 bytes.".to_owned()));
}
