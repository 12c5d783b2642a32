//! The few operations of an API that a catalogue vouches for (`keyway.endpoints`).
//!
//! Only what is used is said: a parameter that is not listed is still an API's own, and no answer is described whole.

use crate::Paginate;

/// One operation: a verb, a path, and what a caller may send.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Operation {
    /// Its name in the entry: `issues.list`, `^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$`.
    pub name: &'static str,
    /// The method.
    pub verb: Verb,
    /// The path below the base URL, with `{name}` for each path parameter and `{name*}` where slashes stay.
    pub path: &'static str,
    /// Its purpose, in one sentence.
    pub title: Option<&'static str>,
    /// The vendor's page.
    pub docs: Option<&'static str>,
    /// Headers that every call carries, names in lower case.
    pub headers: &'static [(&'static str, &'static str)],
    /// The values that a caller may send, path parameters first, then the query's and the body's as listed.
    pub parameters: &'static [OperationParameter],
    /// The shape of the body.
    pub body: OperationBody,
    /// The header of a key that makes a repeated call safe, such as `idempotency-key`.
    pub idempotency_key: Option<&'static str>,
    /// The rule by which a list goes on; `None` where the operation has no pages. The entry's own rule is already laid
    /// under it.
    pub paginate: Option<Paginate>,
    /// Members of the answer that users read, by dotted path.
    pub returns: &'static [OperationMember],
}

impl Operation {
    /// The base of `..Operation::EMPTY` in generated code.
    pub const EMPTY: Operation = Operation {
        name: "",
        verb: Verb::Get,
        path: "",
        title: None,
        docs: None,
        headers: &[],
        parameters: &[],
        body: OperationBody::None,
        idempotency_key: None,
        paginate: None,
        returns: &[],
    };
}

words! {
    /// The method of an operation (RFC 9110 section 9.3).
    pub enum Verb {
        /// A read.
        Get = "get",
        /// A read of the head alone.
        Head = "head",
        /// A creation or an action.
        Post = "post",
        /// A replacement.
        Put = "put",
        /// A change.
        Patch = "patch",
        /// A deletion.
        Delete = "delete",
    }
}

words! {
    /// The shape of an operation's body.
    pub enum OperationBody {
        /// There is none.
        None = "none",
        /// `application/json`: an object of the parameters.
        Json = "json",
        /// `application/x-www-form-urlencoded`; values inside values as `a[b]=1`, lists as the parameter's style says.
        Form = "form",
    }
}

/// One thing that a caller may send.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OperationParameter {
    /// The vendor's name.
    pub name: &'static str,
    /// Where it goes.
    pub place: ParameterPlace,
    /// Its type.
    pub kind: ValueKind,
    /// The spelling of a list or an object in a query or a form.
    pub style: ListStyle,
    /// The values there are; empty where any is.
    pub values: &'static [&'static str],
    /// True if a call without it is refused before it is sent.
    pub required: bool,
    /// Its meaning, in one sentence.
    pub description: Option<&'static str>,
}

impl OperationParameter {
    /// The base of `..OperationParameter::EMPTY` in generated code.
    pub const EMPTY: OperationParameter = OperationParameter {
        name: "",
        place: ParameterPlace::Query,
        kind: ValueKind::String,
        style: ListStyle::Repeat,
        values: &[],
        required: false,
        description: None,
    };
}

words! {
    /// Where a parameter of an operation goes.
    pub enum ParameterPlace {
        /// Into the path.
        Path = "path",
        /// Into the query.
        Query = "query",
        /// Into the body.
        Body = "body",
    }
}

words! {
    /// The type of a value of an operation.
    pub enum ValueKind {
        /// A text.
        String = "string",
        /// A whole number.
        Integer = "integer",
        /// A number.
        Number = "number",
        /// `true` or `false`.
        Boolean = "boolean",
        /// A list of texts.
        Strings = "strings",
        /// A list of whole numbers.
        Integers = "integers",
        /// Any JSON.
        Any = "any",
    }
}

words! {
    /// The spelling of a list in a query or a form.
    pub enum ListStyle {
        /// `a=1&a=2`
        Repeat = "repeat",
        /// `a=1,2`
        Comma = "comma",
        /// `a=1%202`
        Space = "space",
        /// `a=1%7C2`
        Pipe = "pipe",
        /// `a[]=1&a[]=2`, `a[b]=1`, `a[0][b]=1`
        Brackets = "brackets",
        /// `a[0]=1&a[1]=2`, `a[b]=1`
        Indices = "indices",
        /// `a[b]=1&a[c]=2`, a list inside repeats its name (OpenAPI)
        DeepObject = "deep_object",
    }
}

/// A member of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OperationMember {
    /// The dotted path in the answer, or in one item of a list.
    pub path: &'static str,
    /// Its type, where it is there.
    pub kind: ValueKind,
}
