//! What the reader of CSV promises, and every message it gives.

use super::*;
use ndarray::array;
use std::io;

fn table(text: &str, label: Option<&str>) -> Result<(Array2<f64>, Option<Labels>)> {
    let table = read(text.as_bytes(), "t.csv", Apart::Label(label))?;
    let Features::Double(x) = &table.features else { panic!("CSV is double precision") };
    Ok((x.clone(), table.apart.and_then(Column::label)))
}

fn refusal(text: &str, label: Option<&str>) -> String {
    table(text, label).unwrap_err().to_string()
}

#[test]
fn reads_plain_numbers_and_takes_words_for_a_header() {
    let expected = array![[1.0, -2.5], [3e2, 4.0]];
    assert_eq!(table("1,-2.5\n3e2,4\n", None).unwrap().0, expected);
    assert_eq!(table("a,b\n1,-2.5\n3e2,4", None).unwrap().0, expected);
    assert_eq!(table("\"a\",\n\"1\", -2.5 \n\n3e2,\"4\"\n\n", None).unwrap().0, expected);
}

#[test]
fn tolerates_a_byte_order_mark_and_carriage_returns() {
    let (x, labels) = table("\u{feff}a,b\r\n1,x\r\n\r\n2,\"y\"\r\n", Some("b")).unwrap();
    assert_eq!(x, array![[1.0], [2.0]]);
    assert_eq!(labels.unwrap().values, ["x", "y"]);
    assert_eq!(table("\u{feff}1,2\r\n", None).unwrap().0, array![[1.0, 2.0]]);
}

#[test]
fn leaves_the_label_out_of_the_features() {
    let expected = Labels { name: "kind".into(), values: vec!["u".into(), "".into()] };
    for label in ["kind", "2"] {
        let (x, labels) = table("a,kind,b\n1,u,2\n3,,4\n", Some(label)).unwrap();
        assert_eq!(x, array![[1.0, 2.0], [3.0, 4.0]]);
        assert_eq!(labels.as_ref(), Some(&expected));
    }
    let (x, labels) = table("1,u,2\n3,v,4\n", Some("2")).unwrap();
    assert_eq!(x, array![[1.0, 2.0], [3.0, 4.0]]);
    assert_eq!(labels.unwrap(), Labels { name: "column 2".into(), values: vec!["u".into(), "v".into()] });
}

#[test]
fn features_keep_the_names_of_their_columns() {
    let names = |text: &str, apart| read(text.as_bytes(), "t.csv", apart).unwrap().names;
    assert_eq!(names("a,kind,\n1,u,2\n", Apart::Label(Some("kind"))), ["a", "column 3"]);
    assert_eq!(names("1,2,3\n", Apart::Target(Some("1"))), ["column 2", "column 3"]);
    assert_eq!(names("a,b\n1,2\n", Apart::Target(None)), ["a", "b"]);
}

#[test]
fn a_target_is_a_column_of_numbers() {
    let table = read(&b"a,y,b\n1,2.5,3\n4,-1e3,6\n"[..], "t.csv", Apart::Target(Some("y"))).unwrap();
    assert!(matches!(&table.features, Features::Double(x) if x == array![[1.0, 3.0], [4.0, 6.0]]));
    let expected = Observed { name: "y".into(), values: vec![2.5, -1e3] };
    assert_eq!(table.apart, Some(Column::Target(expected)));
    let refusal =
        |text: &str| read(text.as_bytes(), "t.csv", Apart::Target(Some("2"))).unwrap_err().to_string();
    assert_eq!(
        refusal("a,y\n1,2\n\n3,n/a\n"),
        "t.csv, line 4, column \"y\": \"n/a\" is not a number\n  correct the cell or remove the row"
    );
    assert_eq!(
        refusal("1,low\n3,high\n"),
        "t.csv, line 1, column 2: \"low\" is not a number\n  write numbers for its words, or leave the column \
         out; if the line is a header, its names must not be numbers"
    );
    assert!(refusal("a,y\n1,inf\n").contains("\"inf\" is not a finite number"));
    assert!(refusal("a,y\n1,\n").contains("the cell is empty"));
}

#[test]
fn a_label_named_in_the_first_line_makes_it_a_header_even_of_years() {
    let (x, labels) = table("country,2019,2020\nA,1,2\nB,3,5\n", Some("country")).unwrap();
    assert_eq!(x, array![[1.0, 2.0], [3.0, 5.0]]);
    assert_eq!(labels.unwrap().values, ["A", "B"]);
}

#[test]
fn names_line_and_column_of_a_bad_cell() {
    assert_eq!(
        refusal("age,income\n1,2\n3,n/a\n", None),
        "t.csv, line 3, column \"income\": \"n/a\" is not a number\n  \
         remove the row, or name the column with --label if it is a class"
    );
    assert_eq!(
        refusal("1,2,a\n3,?,b\n", Some("3")),
        "t.csv, line 2, column 2: \"?\" is not a number\n  correct the cell or remove the row"
    );
    assert_eq!(
        refusal("a,b\n1, \n", None),
        "t.csv, line 2, column \"b\": the cell is empty\n  fill the cell in or remove the row"
    );
    let finite = "remove the row or fill the value in: the analysis needs finite numbers";
    for word in ["nan", "-inf", "1e999"] {
        assert_eq!(
            refusal(&format!("1,2\n3,{word}\n"), None),
            format!("t.csv, line 2, column 2: {word:?} is not a finite number\n  {finite}")
        );
    }
    assert_eq!(
        refusal("5.1,3.5,setosa\n4.9,3,setosa\n", None),
        "t.csv, line 1, column 3: \"setosa\" is not a number\n  name the column with --label 3 if it is a \
         class; if the line is a header, its names must not be numbers"
    );
    assert_eq!(
        refusal("a;b\n1;2\n", None),
        "t.csv, line 2, column \"a;b\": \"1;2\" is not a number\n  separate the columns with commas"
    );
    assert_eq!(
        refusal("a,b\n1,\"2,5\"\n", None),
        "t.csv, line 2, column \"b\": \"2,5\" is not a number\n  write decimals with a point"
    );
}

#[test]
fn counts_lines_as_an_editor_does() {
    let line = |text: &str| {
        let message = refusal(text, None);
        message.split(", ").nth(1).and_then(|s| s.strip_prefix("line ")).unwrap().parse::<u32>().unwrap()
    };
    assert_eq!(line("a,b\n\n\n1,2\n\n3,x\n"), 6, "blank lines count");
    assert_eq!(line("a,b\r\n\r\n1,2\r\n3,x\r\n4,5"), 4, "a line ended CR LF is one line");
    assert_eq!(line("\"a\nb\",c\n1,2\n3,x"), 4, "a quoted cell may hold a line feed");
    assert_eq!(line("a,b\n\"1\n\",x\n"), 2, "a record stands where it begins");
    assert_eq!(line("\n\na,b\n1,x"), 4, "leading blank lines count, and the last needs no end");
}

#[test]
fn names_the_line_on_which_an_unclosed_quote_was_opened() {
    let unclosed = |line: u32| {
        format!("t.csv, line {line}: a quote is opened and never closed\n  close the quote or remove it")
    };
    for (text, line) in [
        ("a,b\n\"1,2\n3,4\n", 2),
        ("a,b\n\"1,2\n3,4", 2),
        ("\u{feff}a,b\r\n\r\n1,2\r\n3,\"4\r\n\r\n", 4),
        ("a,b\n\"1\n\",\"2\n", 3),
        ("\"a,b\n1,2\n", 1),
        ("1,2\n3,\"", 2),
    ] {
        assert_eq!(refusal(text, None), unclosed(line), "{text:?}");
    }
    for text in ["1,2\n3,\"4\n\n\"", "1,2\n3,\"4\n\n\"\n\n\n", "1,2\n\"3\"\"\n\",4"] {
        assert!(
            !table(text, None).is_err_and(|error| error.to_string().contains("quote is opened")),
            "{text:?}"
        );
    }
}

#[test]
fn refuses_a_row_without_end() {
    for (start, endless) in [(&b"a,b\n"[..], b'1'), (b"a,b\n1,\"", b'\n')] {
        let input = start.chain(io::repeat(endless));
        assert_eq!(
            read(input, "t.csv", Apart::Label(None)).unwrap_err().to_string(),
            "t.csv, from line 2: a row of more than 64 MiB\n  \
             end every row with a line feed, and close every quote"
        );
    }
}

#[test]
fn refuses_ragged_and_empty_files() {
    let remedy = "give every line the same number of cells, and quote cells that contain a comma";
    assert_eq!(
        refusal("a,b\n1,2\n3\n", None),
        format!("t.csv, line 3: 1 cell where line 1 has 2\n  {remedy}")
    );
    assert_eq!(
        refusal("1,2\n3,4,5\n", None),
        format!("t.csv, line 2: 3 cells where line 1 has 2\n  {remedy}")
    );
    let needs = "it needs a line of comma-separated numbers per sample";
    for text in ["", "\n \n\r\n", "\u{feff}"] {
        assert_eq!(refusal(text, None), format!("t.csv is empty\n  {needs}"));
    }
    assert_eq!(refusal("a,b\n", None), format!("t.csv has a header but no rows\n  {needs}"));
    assert_eq!(
        refusal("a\n1\n", Some("a")),
        "t.csv has no column besides the label\n  it needs at least one column of numbers"
    );
}

#[test]
fn helps_to_find_the_label() {
    assert_eq!(
        refusal("length,species\n1,2\n", Some("Specie")),
        "there is no column \"Specie\" in t.csv\n  did you mean \"species\"?"
    );
    assert_eq!(
        refusal("a,b,c,d,e,f,g,h,i,j\n1,2,3,4,5,6,7,8,9,10\n", Some("target")),
        "there is no column \"target\" in t.csv\n  its columns are a, b, c, d, e, f, g, h and 2 more"
    );
    assert_eq!(
        refusal("1,2\n", Some("kind")),
        "there is no column \"kind\" in t.csv: it has no header\n  give the number of the column, from 1 to 2"
    );
    for number in ["0", "3"] {
        assert_eq!(
            refusal("a,b\n1,2\n", Some(number)),
            format!("there is no column {number} in t.csv: it has 2\n  columns are counted from 1")
        );
    }
    assert_eq!(
        refusal("a,b,a\n1,2,3\n", Some("a")),
        "t.csv has several columns named \"a\": 1 and 3\n  give the number of the column instead"
    );
}

#[test]
fn cuts_long_cells_in_messages() {
    let long = "x".repeat(1000);
    let message = refusal(&format!("1\n{long}\n"), None);
    assert!(message.contains(&format!("\"{}...\" is not a number", "x".repeat(40))));
}
