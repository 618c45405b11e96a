//! `thread_control`: what becomes of a conversation once the message is sent (doc: Conversation Control APIs, Send API).

use crate::object::Object;
use crate::{ErrorName, GraphError, Params, Result};

/// What becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ThreadControl {
    /// `{"control_type": "pass", "app_id"?}`: to that app, or to the default app.
    Pass {
        /// The app's id, as it was sent.
        app_id: Option<String>,
    },
    /// `{"control_type": "release"}`: nobody has it.
    Release,
}

impl ThreadControl {
    /// Reads the parameter, if it is there.
    pub(super) fn read(params: &Params) -> Result<Option<Self>> {
        let Some(object) = params.object("thread_control")? else { return Ok(None) };
        let object = Object::new("thread_control", &object);
        let app_id = object.text("app_id")?.filter(|id| !id.trim().is_empty()).map(String::from);
        match (&*object.required("control_type")?, app_id) {
            ("pass", app_id) => Ok(Some(Self::Pass { app_id })),
            ("release", None) => Ok(Some(Self::Release)),
            ("release", Some(_)) => {
                Err(GraphError::with(ErrorName::InvalidKeys, ["app_id", "thread_control"])
                    .explain("Who releases a conversation gives it to nobody."))
            }
            (other, _) => Err(GraphError::with(
                ErrorName::ParameterNotOneOf,
                ["thread_control[control_type]", "pass, release", other],
            )),
        }
    }
}
