//! The error that a fault answers: a code, a name, or an object.

use super::super::SimError;
use super::super::input::Input;
use crate::faults::{By, Chosen};
use graph_api::ErrorName;
use serde_json::Value;

/// `613`; `"WindowClosed"` (a name of the error table), `"rate_limit"` (the limit that the request would reach); or
/// `{"name"?,"status"?,"code"?,"subcode"?,"message"?,"type"?,"is_transient"?,"error_user_title"?,"error_user_msg"?,
/// "values"?}`. A code, or a code and a subcode, or a name, lead to an entry of the table; what else is said comes before
/// what it says.
pub(super) fn read(input: &mut Input) -> Result<Option<Chosen>, SimError> {
    let chosen = match input.take("error") {
        None => return Ok(None),
        Some(Value::Number(code)) => Chosen { code: Some(number(code.as_i64())?), ..Chosen::default() },
        Some(Value::String(name)) => {
            let (by, code) = name_or_code(&name)?;
            Chosen { by, code, ..Chosen::default() }
        }
        Some(Value::Object(members)) => object(Input::of(members))?,
        Some(_) => return Err(SimError::bad("error", "must be a code, a name or an object")),
    };
    chosen.check().map_err(|why| SimError::bad("error", why))?;
    Ok(Some(chosen))
}

fn object(mut input: Input) -> Result<Chosen, SimError> {
    let (by, _) = input.text("name")?.map_or(Ok((By::Code, None)), |name| name_or_code(&name))?;
    let mut signed = |name: &str| input.take(name).map(|value| number(value.as_i64())).transpose();
    let code = signed("code")?;
    let subcode = match (signed("subcode")?, signed("error_subcode")?) {
        (None, None) => None,
        (Some(subcode), _) | (None, Some(subcode)) => {
            Some(u32::try_from(subcode).map_err(|_| SimError::bad("subcode", "must not be negative"))?)
        }
    };
    let status = input.take("status").map(|value| {
        let status = super::status(&value).filter(|status| status.as_u16() >= 400);
        status.ok_or_else(|| SimError::bad("status", "must be an HTTP status from 400 to 599"))
    });
    let chosen = Chosen {
        by,
        code,
        subcode,
        values: input.words("values")?.unwrap_or_default(),
        status: status.transpose()?.map(|status| status.as_u16()),
        message: input.text("message")?,
        kind: input.text("type")?,
        transient: input.flag("is_transient")?,
        user_title: input.text("error_user_title")?,
        user_message: input.text("error_user_msg")?,
    };
    if by == By::Code && code.is_none() {
        return Err(SimError::bad("error", "code or name is required"));
    }
    input.done()?;
    Ok(chosen)
}

fn name_or_code(name: &str) -> Result<(By, Option<i32>), SimError> {
    if name == "rate_limit" {
        return Ok((By::Limit, None));
    }
    if let Ok(code) = name.parse() {
        return Ok((By::Code, Some(code)));
    }
    let unknown = || SimError::bad("error", format!("there is no error {name}: docs/compat.md lists them"));
    ErrorName::parse(name).map(|name| (By::Name(name), None)).ok_or_else(unknown)
}

fn number(value: Option<i64>) -> Result<i32, SimError> {
    value
        .and_then(|value| i32::try_from(value).ok())
        .ok_or_else(|| SimError::bad("error", "codes are whole numbers"))
}
