//! The languages in which errors are told (reference, section 0: Portuguese, Russian and Japanese were seen without being asked for;
//! `locale` asks for one). Programs must look at code and subcode: these texts are ours, Meta's own words are unconfirmed.

use crate::ErrorName;

/// A language other than English.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locale {
    /// `de_DE`
    German,
    /// `es_ES`, `es_LA`
    Spanish,
    /// `fr_FR`
    French,
    /// `ja_JP`
    Japanese,
    /// `pt_BR`, `pt_PT`
    Portuguese,
    /// `ru_RU`
    Russian,
}

impl Locale {
    /// The language of a locale such as `pt_BR`; `None`: English, or one in which nothing is known.
    pub fn parse(locale: &str) -> Option<Self> {
        let language = locale.trim().get(..2)?.to_ascii_lowercase();
        let rest = &locale.trim()[2..];
        if !rest.is_empty() && !rest.starts_with(['_', '-']) {
            return None;
        }
        Some(match language.as_str() {
            "de" => Self::German,
            "es" => Self::Spanish,
            "fr" => Self::French,
            "ja" => Self::Japanese,
            "pt" => Self::Portuguese,
            "ru" => Self::Russian,
            _ => return None,
        })
    }

    /// An error's text, with the gaps of the English one. What developers alone meet is told in English only.
    pub const fn text(self, name: ErrorName) -> Option<&'static str> {
        let row = match Self::row(name) {
            Some(row) => row,
            None => return None,
        };
        Some(match self {
            Self::German => row[0],
            Self::Spanish => row[1],
            Self::French => row[2],
            Self::Japanese => row[3],
            Self::Portuguese => row[4],
            Self::Russian => row[5],
        })
    }

    const fn row(name: ErrorName) -> Option<&'static [&'static str; 6]> {
        Some(match name {
            ErrorName::WindowClosed => &[
                "Diese Nachricht wird außerhalb des zulässigen Zeitfensters gesendet.",
                "Este mensaje se envía fuera del intervalo permitido.",
                "Ce message est envoyé en dehors de la fenêtre autorisée.",
                "このメッセージは許可された期間外に送信されています。",
                "Esta mensagem foi enviada fora da janela permitida.",
                "Это сообщение отправлено за пределами допустимого окна.",
            ],
            ErrorName::RecipientUnknown | ErrorName::ProfileUnknown => &[
                "Der angeforderte Nutzer wurde nicht gefunden.",
                "No se encuentra el usuario solicitado.",
                "L’utilisateur demandé est introuvable.",
                "リクエストされたユーザーが見つかりません。",
                "O usuário solicitado não foi encontrado.",
                "Запрошенный пользователь не найден.",
            ],
            ErrorName::PersonUnavailable => &[
                "Diese Person ist im Moment nicht verfügbar.",
                "Esta persona no está disponible en este momento.",
                "Cette personne n’est pas disponible pour le moment.",
                "この人は現在対応できません。",
                "Esta pessoa não está disponível no momento.",
                "Этот человек сейчас недоступен.",
            ],
            ErrorName::MessageInvalid => &[
                "Ungültige Nachrichtendaten",
                "Datos de mensaje no válidos",
                "Données de message non valides",
                "無効なメッセージデータです",
                "Dados da mensagem inválidos",
                "Недопустимые данные сообщения",
            ],
            ErrorName::TextEmpty => &[
                "Leerer Text",
                "Texto vacío",
                "Texte vide",
                "テキストが空です",
                "Texto vazio",
                "Пустой текст",
            ],
            ErrorName::MessageDeleted => &[
                "Diese Nachricht wurde vom Nutzer oder vom Unternehmen gelöscht.",
                "El usuario o la empresa eliminó este mensaje.",
                "Ce message a été supprimé par l’utilisateur ou l’entreprise.",
                "このメッセージは利用者またはビジネスによって削除されました。",
                "Esta mensagem foi excluída pelo usuário ou pela empresa.",
                "Это сообщение удалено пользователем или компанией.",
            ],
            ErrorName::MessageAccessOff => &[
                "Der Kontoinhaber hat den Zugriff auf Instagram-Direktnachrichten deaktiviert.",
                "El propietario de la cuenta desactivó el acceso a los mensajes directos de Instagram.",
                "Le propriétaire du compte a désactivé l’accès aux messages directs Instagram.",
                "アカウントの所有者がInstagramダイレクトメッセージへのアクセスを無効にしています。",
                "O proprietário da conta desativou o acesso às mensagens diretas do Instagram.",
                "Владелец аккаунта отключил доступ к сообщениям Instagram Direct.",
            ],
            ErrorName::ConsentRequired => &[
                "Für den Zugriff auf das Nutzerprofil ist die Einwilligung des Nutzers erforderlich",
                "Se requiere el consentimiento del usuario para acceder a su perfil",
                "Le consentement de l’utilisateur est requis pour accéder à son profil",
                "ユーザープロフィールにアクセスするにはユーザーの同意が必要です",
                "É necessário o consentimento do usuário para acessar o perfil",
                "Для доступа к профилю требуется согласие пользователя",
            ],
            ErrorName::PermissionMissing => &[
                "Die Anwendung hat keine Berechtigung für diese Aktion",
                "La aplicación no tiene permiso para realizar esta acción",
                "L’application n’a pas l’autorisation d’effectuer cette action",
                "このアプリケーションにはこのアクションの権限がありません",
                "O aplicativo não tem permissão para esta ação",
                "У приложения нет разрешения на это действие",
            ],
            ErrorName::HumanAgentNotApproved => &[
                "Nachrichten können ohne vorherige Genehmigung nicht mit 'HUMAN_AGENT' markiert werden.",
                "No se pueden etiquetar mensajes con 'HUMAN_AGENT' sin aprobación previa.",
                "Impossible de marquer des messages avec « HUMAN_AGENT » sans approbation préalable.",
                "事前の承認なしにメッセージに'HUMAN_AGENT'タグを付けることはできません。",
                "Não é possível marcar mensagens com 'HUMAN_AGENT' sem aprovação prévia.",
                "Нельзя помечать сообщения тегом 'HUMAN_AGENT' без предварительного одобрения.",
            ],
            ErrorName::SendLimitReached => &[
                "Die Anzahl der Aufrufe dieser API hat das Limit überschritten.",
                "Las llamadas a esta API superaron el límite de frecuencia.",
                "Les appels à cette API ont dépassé la limite de débit.",
                "このAPIへの呼び出しがレート制限を超えました。",
                "As chamadas a esta API excederam o limite de taxa.",
                "Превышен лимит частоты вызовов этого API.",
            ],
            ErrorName::AppLimitReached => &[
                "Anfragelimit der Anwendung erreicht",
                "Se alcanzó el límite de solicitudes de la aplicación",
                "Limite de requêtes de l’application atteinte",
                "アプリケーションのリクエスト制限に達しました",
                "Limite de solicitações do aplicativo atingido",
                "Достигнут лимит запросов приложения",
            ],
            ErrorName::NotThreadOwner => &[
                "Die Aktion ist ungültig, da die App nicht Inhaberin der Unterhaltung ist.",
                "La acción no es válida porque no es propietaria de la conversación.",
                "L’action n’est pas valide, car elle n’est pas propriétaire du fil.",
                "スレッドの所有者ではないため、このアクションは無効です。",
                "A ação é inválida porque não é a proprietária da conversa.",
                "Действие недопустимо, так как приложение не владеет веткой.",
            ],
            ErrorName::NotEligible => &[
                "Dieses IG-Konto ist noch nicht für die API berechtigt",
                "Esta cuenta de IG aún no es apta para la API",
                "Ce compte IG n’est pas encore éligible à l’API",
                "このIGアカウントはまだAPIの対象ではありません",
                "Esta conta do IG ainda não está qualificada para a API",
                "Этот аккаунт IG пока недоступен для API",
            ],
            ErrorName::Unknown => &[
                "Ein unbekannter Fehler ist aufgetreten",
                "Se produjo un error desconocido",
                "Une erreur inconnue s’est produite",
                "不明なエラーが発生しました",
                "Ocorreu um erro desconhecido",
                "Произошла неизвестная ошибка",
            ],
            ErrorName::TryAgain => &[
                "Ein unerwarteter Fehler ist aufgetreten. Bitte versuche es später erneut.",
                "Se produjo un error inesperado. Vuelve a intentarlo más tarde.",
                "Une erreur inattendue s’est produite. Veuillez réessayer plus tard.",
                "予期しないエラーが発生しました。後でもう一度お試しください。",
                "Ocorreu um erro inesperado. Tente novamente mais tarde.",
                "Произошла непредвиденная ошибка. Повторите попытку позже.",
            ],
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{GraphError, Host};

    #[test]
    fn locales_are_read_by_their_language() {
        for (locale, language) in [
            ("pt_BR", Some(Locale::Portuguese)),
            ("pt-PT", Some(Locale::Portuguese)),
            ("DE", Some(Locale::German)),
            ("es_LA", Some(Locale::Spanish)),
            ("en_US", None),
            ("xx_XX", None),
            ("", None),
            ("d", None),
            ("deutsch", None),
            ("日本", None),
        ] {
            assert_eq!(Locale::parse(locale), language, "{locale}");
        }
    }

    #[test]
    fn codes_and_prefixes_are_the_same_in_every_language() {
        let error = GraphError::new(ErrorName::WindowClosed);
        let told = error.on_in(Host::Facebook, Some(Locale::Portuguese));
        assert_eq!(told.message, "(#10) Esta mensagem foi enviada fora da janela permitida.");
        assert_eq!((told.code, told.subcode, told.status), (10, Some(2_534_022), 403));
        // What is known in no other language stays as it is.
        let english = GraphError::required("message");
        assert_eq!(english.on_in(Host::Instagram, Some(Locale::Russian)), english.on(Host::Instagram));
    }
}
