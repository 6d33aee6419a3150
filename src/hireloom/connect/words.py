"""All words of the connect window, in English, German and French."""

from collections.abc import Callable, Mapping

LANGUAGES = ("en", "de", "fr")

# ruff: noqa: E501 -- a phrase beside its translations is easiest to compare
# fmt: off
WORDS: dict[str, tuple[str, str, str]] = {
    # Everywhere.
    "title": ("Connect your recruiting system", "Recruiting-System verbinden", "Connecter votre logiciel de recrutement"),
    "for": ("for {organisation}", "für {organisation}", "pour {organisation}"),
    "back": ("Back", "Zurück", "Retour"),
    "continue": ("Continue", "Weiter", "Continuer"),
    "close": ("Close", "Schließen", "Fermer"),
    "support": ("For support", "Für den Support", "Pour le support"),
    "optional": ("optional", "optional", "facultatif"),
    "foot": ("Credentials are encrypted and used for this connection only.", "Zugangsdaten werden verschlüsselt und nur für diese Verbindung verwendet.", "Les identifiants sont chiffrés et ne servent qu’à cette connexion."),
    # Choosing the app.
    "choose": ("Which system do you use?", "Welches System nutzen Sie?", "Quel logiciel utilisez-vous ?"),
    "choose.why": ("Choose where you manage your jobs and applicants.", "Wählen Sie, wo Sie Stellen und Bewerbungen verwalten.", "Choisissez où vous gérez vos postes et vos candidatures."),
    "search": ("Search", "Suchen", "Rechercher"),
    "search.none": ("No system of this name can be connected.", "Kein System dieses Namens kann verbunden werden.", "Aucun logiciel de ce nom ne peut être connecté."),
    "connected": ("Connected", "Verbunden", "Connecté"),
    "apps.none": ("There is nothing to choose from. Ask the people who gave you this link.", "Es gibt nichts zur Auswahl. Wenden Sie sich an die, von denen Sie diesen Link haben.", "Il n’y a aucun choix possible. Adressez-vous à ceux qui vous ont donné ce lien."),
    # What is read and written.
    "intro": ("Connect {app}", "{app} verbinden", "Connecter {app}"),
    "intro.again": ("Reconnect {app}", "{app} neu verbinden", "Reconnecter {app}"),
    "intro.is": ("{app} is connected already. With new credentials the connection goes on as it is.", "{app} ist schon verbunden. Mit neuen Zugangsdaten läuft die Verbindung weiter wie bisher.", "{app} est déjà connecté. Avec de nouveaux identifiants, la connexion continue telle quelle."),
    "intro.refused": ("{app} no longer accepts the credentials that you gave us, so we can neither read nor write. Please enter new ones; all else stays as it is.", "{app} nimmt die bisherigen Zugangsdaten nicht mehr an; wir können weder lesen noch schreiben. Bitte geben Sie neue ein; alles andere bleibt, wie es ist.", "{app} n’accepte plus les identifiants que vous nous aviez donnés ; nous ne pouvons plus ni lire ni écrire. Veuillez en saisir de nouveaux ; tout le reste demeure tel quel."),
    "intro.reads": ("We will read your jobs, your applicants and how far each of them is.", "Wir lesen Ihre Stellen, Ihre Bewerbungen und deren Stand.", "Nous lirons vos postes, vos candidatures et leur avancement."),
    "intro.writes": ("We will write results and notes back, so that you find them in {app}.", "Wir schreiben Ergebnisse und Notizen zurück, damit Sie sie in {app} finden.", "Nous y inscrirons des résultats et des notes, pour que vous les retrouviez dans {app}."),
    "intro.stop": ("You can stop the connection at any time.", "Sie können die Verbindung jederzeit beenden.", "Vous pouvez arrêter la connexion à tout moment."),
    "scope": ("All that the connection can do", "Alles, was die Verbindung kann", "Tout ce que la connexion permet"),
    "scope.note": ("What you do not allow in {app} is left alone.", "Was Sie in {app} nicht erlauben, bleibt unberührt.", "Ce que vous n’autorisez pas dans {app} reste intact."),
    "scope.data": ("Data", "Daten", "Données"),
    "scope.read": ("Read", "Lesen", "Lire"),
    "scope.write": ("Write", "Schreiben", "Écrire"),
    "yes": ("yes", "ja", "oui"),
    "no": ("no", "nein", "non"),
    "data.jobs": ("Jobs", "Stellen", "Postes"),
    "data.applications": ("Applications", "Bewerbungen", "Candidatures"),
    "data.candidates": ("Candidates with contact details", "Personen mit Kontaktdaten", "Candidats et leurs coordonnées"),
    "data.stages": ("Stages and rejections", "Stufen und Absagen", "Étapes et refus"),
    "data.interviews": ("Interviews", "Gespräche", "Entretiens"),
    "data.scores": ("Scorecards and test results", "Bewertungen und Testergebnisse", "Évaluations et résultats de tests"),
    "data.offers": ("Offers", "Angebote", "Offres"),
    "data.files": ("CVs and other files", "Lebensläufe und andere Dateien", "CV et autres fichiers"),
    "data.notes": ("Notes", "Notizen", "Notes"),
    "data.tags": ("Tags and sources", "Schlagwörter und Quellen", "Étiquettes et sources"),
    "data.company": ("Departments, offices and users", "Abteilungen, Standorte und Benutzer", "Services, sites et utilisateurs"),
    "data.eeoc": ("Voluntary equal opportunity answers (EEOC)", "Freiwillige Angaben zur Gleichstellung (EEOC)", "Réponses volontaires sur l’égalité (EEOC)"),
    "data.fields": ("Custom fields", "Eigene Felder", "Champs personnalisés"),
    # Credentials.
    "form": ("Sign in to {app}", "Anmeldung bei {app}", "Connexion à {app}"),
    "form.key": ("Enter the API key of {app}", "API-Schlüssel von {app} eingeben", "Saisir la clé API de {app}"),
    "form.keys": ("Enter the credentials of {app}", "Zugangsdaten von {app} eingeben", "Saisir les identifiants de {app}"),
    "form.why.key": ("Create an API key in {app} and paste it here. We try it at once.", "Erstellen Sie in {app} einen API-Schlüssel und fügen Sie ihn hier ein. Wir prüfen ihn sofort.", "Créez une clé API dans {app} et collez-la ici. Nous la vérifions aussitôt."),
    "form.why.keys": ("Create credentials in {app} and paste them here. We try them at once.", "Erstellen Sie in {app} Zugangsdaten und fügen Sie sie hier ein. Wir prüfen sie sofort.", "Créez des identifiants dans {app} et collez-les ici. Nous les vérifions aussitôt."),
    "form.where": ("Where do I find this?", "Wo finde ich das?", "Où le trouver ?"),
    "form.where.docs": ("In {app}, an administrator opens:", "In {app} öffnet ein Administrator:", "Dans {app}, un administrateur ouvre :"),
    "form.grants": ("Which permissions are needed?", "Welche Berechtigungen braucht es?", "Quelles autorisations faut-il ?"),
    "form.grants.read": ("To read, an administrator of {app} grants:", "Zum Lesen erteilt ein Administrator von {app}:", "Pour lire, un administrateur de {app} accorde :"),
    "form.grants.write": ("To write back, in addition:", "Zum Zurückschreiben außerdem:", "Pour écrire, en plus :"),
    "form.settings": ("Your account", "Ihr Konto", "Votre compte"),
    "form.show": ("Show what I type", "Eingabe anzeigen", "Afficher la saisie"),
    "form.connect": ("Check and connect", "Prüfen und verbinden", "Vérifier et connecter"),
    "form.checking": ("Checking with {app} …", "{app} prüft …", "Vérification auprès de {app} …"),
    "form.required": ("Please fill this in.", "Bitte ausfüllen.", "Veuillez remplir ce champ."),
    "form.choice": ("Please choose one of the values.", "Bitte wählen Sie einen der Werte.", "Veuillez choisir l’une des valeurs."),
    # OAuth.
    "consent.why": ("You sign in at {app} itself and agree there. Your password stays with {app}.", "Sie melden sich bei {app} selbst an und stimmen dort zu. Ihr Passwort bleibt bei {app}.", "Vous vous connectez chez {app} et y donnez votre accord. Votre mot de passe reste chez {app}."),
    "consent.go": ("Continue to {app}", "Weiter zu {app}", "Continuer vers {app}"),
    "consent.tab": ("{app} opens in a new tab.", "{app} öffnet sich in einem neuen Tab.", "{app} s’ouvre dans un nouvel onglet."),
    "consent.waiting": ("Waiting for you to agree at {app} …", "Wir warten auf Ihre Zustimmung bei {app} …", "En attente de votre accord chez {app} …"),
    "consent.key": ("Use an API key instead", "Stattdessen einen API-Schlüssel verwenden", "Utiliser plutôt une clé API"),
    "consent.instead": ("Sign in at {app} instead", "Stattdessen bei {app} anmelden", "Se connecter plutôt chez {app}"),
    "consent.leaving": ("On to {app}", "Weiter zu {app}", "Vers {app}"),
    "consent.return": ("{app} is connected. Close this tab and go on where you came from.", "{app} ist verbunden. Schließen Sie diesen Tab und machen Sie dort weiter, wo Sie herkamen.", "{app} est connecté. Fermez cet onglet et reprenez là où vous étiez."),
    # The acting user.
    "actor": ("In whose name do we write?", "In wessen Namen schreiben wir?", "Au nom de qui écrivons-nous ?"),
    "actor.why": ("{app} notes a user for every change. Choose an active user; a shared one is best.", "{app} vermerkt zu jeder Änderung einen Benutzer. Wählen Sie einen aktiven, am besten einen gemeinsamen.", "{app} note un utilisateur pour chaque modification. Choisissez un utilisateur actif, de préférence partagé."),
    "actor.label": ("User", "Benutzer", "Utilisateur"),
    "actor.choose": ("Choose a user", "Benutzer wählen", "Choisir un utilisateur"),
    "actor.skip": ("Skip: only read for now", "Überspringen: vorerst nur lesen", "Passer : lecture seule pour l’instant"),
    # Matching fields.
    "fields": ("Match your fields", "Felder zuordnen", "Associer vos champs"),
    "fields.why": ("For each entry, choose the field of your {app} that holds it. What you leave open is not used.", "Wählen Sie zu jedem Eintrag das Feld in {app}, das ihn enthält. Was offen bleibt, wird nicht genutzt.", "Pour chaque entrée, choisissez le champ de {app} qui la contient. Ce qui reste vide n’est pas utilisé."),
    "fields.APPLICATION": ("Applications", "Bewerbungen", "Candidatures"),
    "fields.CANDIDATE": ("Candidates", "Personen", "Candidats"),
    "fields.JOB": ("Jobs", "Stellen", "Postes"),
    "fields.nothing": ("No field", "Kein Feld", "Aucun champ"),
    "fields.no.options": ("Your {app} has no field of its own for this.", "Ihr {app} hat dafür kein eigenes Feld.", "Votre {app} n’a pas de champ personnalisé pour cela."),
    "fields.gone": ("“{field}”, chosen before, is no longer there. Choose another.", "„{field}“, zuvor gewählt, gibt es nicht mehr. Wählen Sie ein anderes.", "« {field} », choisi auparavant, n’existe plus. Choisissez-en un autre."),
    "fields.values": ("For example:", "Zum Beispiel:", "Par exemple :"),
    "fields.values.none": ("No value in the {count} records that we looked at.", "Kein Wert in den {count} Datensätzen, die wir angesehen haben.", "Aucune valeur dans les {count} fiches consultées."),
    "fields.looking": ("Looking …", "Wird gelesen …", "Lecture en cours …"),
    "fields.show": ("Show values", "Werte anzeigen", "Afficher des valeurs"),
    "fields.skip": ("Skip this step", "Überspringen", "Passer cette étape"),
    "fields.again": ("Try again", "Erneut versuchen", "Réessayer"),
    "fields.no.fields": ("{app} does not tell us its fields right now", "{app} nennt uns seine Felder gerade nicht", "{app} ne nous indique pas ses champs pour le moment"),
    "fields.no.values": ("{app} shows us no values right now", "{app} zeigt uns gerade keine Werte", "{app} ne nous montre pas de valeurs pour le moment"),
    "fields.not.kept": ("Your choice was not stored", "Ihre Auswahl wurde nicht gespeichert", "Votre choix n’a pas été enregistré"),
    "fields.permission": ("If it should, an administrator of {app} grants what is listed here to the credentials.", "Soll es gehen, erteilt ein Administrator von {app} den Zugangsdaten, was hier steht.", "Si cela doit fonctionner, un administrateur de {app} accorde aux identifiants ce qui figure ici."),
    "fields.stands": ("Your connection is made and works. Try again, or skip this step: it can be done later.", "Ihre Verbindung steht. Versuchen Sie es erneut oder überspringen Sie den Schritt; er lässt sich nachholen.", "Votre connexion est établie. Réessayez ou passez cette étape : vous pourrez y revenir."),
    "fields.foot": ("The values shown are read from your system for you alone and are not stored.", "Die gezeigten Werte werden nur für Sie aus Ihrem System gelesen und nicht gespeichert.", "Les valeurs affichées sont lues dans votre logiciel pour vous seul et ne sont pas conservées."),
    "fields.type.TEXT": ("text", "Text", "texte"),
    "fields.type.LONG_TEXT": ("long text", "langer Text", "texte long"),
    "fields.type.BOOLEAN": ("yes or no", "Ja oder Nein", "oui ou non"),
    "fields.type.NUMBER": ("number", "Zahl", "nombre"),
    "fields.type.DATE": ("date", "Datum", "date"),
    "fields.type.URL": ("link", "Link", "lien"),
    "fields.type.CURRENCY": ("amount", "Betrag", "montant"),
    "fields.type.RANGE": ("range", "Spanne", "fourchette"),
    "fields.type.SINGLE_SELECT": ("one of a list", "eines aus einer Liste", "choix dans une liste"),
    "fields.type.MULTI_SELECT": ("several of a list", "mehrere aus einer Liste", "plusieurs choix"),
    "fields.type.USER": ("user", "Benutzer", "utilisateur"),
    "fields.type.FILE": ("file", "Datei", "fichier"),
    # Done.
    "done": ("{app} is connected", "{app} ist verbunden", "{app} est connecté"),
    "done.syncs": ("We read your data regularly from now on.", "Wir lesen Ihre Daten ab jetzt regelmäßig.", "Nous lisons désormais vos données régulièrement."),
    "done.calls": ("We can reach your {app} from now on. Nothing is read regularly yet: we start that on our side.", "Ab jetzt haben wir Zugriff auf Ihr {app}. Noch wird nichts regelmäßig gelesen: Das beginnen wir von uns aus.", "Nous avons désormais accès à votre {app}. Rien n’est encore lu régulièrement : nous le lancerons de notre côté."),
    "lacking": ("This does not work yet", "Das geht noch nicht", "Ce qui ne fonctionne pas encore"),
    "lacking.do": ("If it should work, an administrator of {app} grants these permissions to the credentials. You need not connect again.", "Soll es gehen, erteilt ein Administrator von {app} den Zugangsdaten diese Berechtigungen. Neu verbinden müssen Sie nicht.", "Si cela doit fonctionner, un administrateur de {app} accorde ces autorisations aux identifiants. Inutile de reconnecter."),
    "lacking.actor": ("We can write almost nothing in {app}, because no user was chosen in whose name we write. If we should write, ask for a new link where you got this one, connect again and choose a user.", "Wir können in {app} fast nichts schreiben, weil kein Benutzer gewählt wurde, in dessen Namen wir schreiben. Sollen wir schreiben, bitten Sie dort um einen neuen Link, wo Sie diesen bekamen, verbinden neu und wählen einen Benutzer.", "Nous ne pouvons presque rien écrire dans {app}, faute d’utilisateur choisi au nom duquel écrire. Si nous devons écrire, demandez un nouveau lien là où vous avez reçu celui-ci, reconnectez-vous et choisissez un utilisateur."),
    "done.close": ("You can close this page.", "Sie können diese Seite schließen.", "Vous pouvez fermer cette page."),
    "done.finish": ("Finish", "Fertig", "Terminer"),
    "off": ("Disconnect {app}?", "{app} trennen?", "Déconnecter {app} ?"),
    "off.why": ("We stop reading and writing at once. You can connect again later.", "Wir lesen und schreiben ab sofort nicht mehr. Sie können später neu verbinden.", "Nous cessons aussitôt de lire et d’écrire. Vous pourrez reconnecter plus tard."),
    "off.do": ("Disconnect", "Trennen", "Déconnecter"),
    "off.keep": ("Keep it connected", "Verbunden lassen", "Rester connecté"),
    "off.done": ("{app} is disconnected", "{app} ist getrennt", "{app} est déconnecté"),
    # Links that lead nowhere.
    "ended": ("This link has expired", "Dieser Link ist abgelaufen", "Ce lien a expiré"),
    "ended.why": ("Links are good for 30 minutes. Nothing is lost: go back to where you got it and start again, or ask the sender for a new one.", "Links gelten 30 Minuten. Nichts ist verloren: Gehen Sie dorthin zurück, wo Sie ihn bekamen, oder bitten Sie den Absender um einen neuen.", "Les liens valent 30 minutes. Rien n’est perdu : retournez là où vous l’avez reçu, ou demandez-en un nouveau à l’expéditeur."),
    "used": ("This link was used already", "Dieser Link wurde schon benutzt", "Ce lien a déjà servi"),
    "used.why": ("A link connects one system, once. To connect another or to change something, ask for a new link where you got this one.", "Ein Link verbindet ein System, einmal. Für ein weiteres oder eine Änderung bitten Sie dort um einen neuen, wo Sie diesen bekamen.", "Un lien connecte un logiciel, une fois. Pour un autre ou un changement, demandez un nouveau lien là où vous avez reçu celui-ci."),
    "other": ("{app} was not connected", "{app} wurde nicht verbunden", "{app} n’a pas été connecté"),
    "other.why": ("With this link {done} was connected just now, in another tab. A link connects one system, once; for {app} ask for a new one where you got this.", "Mit diesem Link wurde soeben {done} verbunden, in einem anderen Tab. Ein Link verbindet ein System, einmal; bitten Sie für {app} dort um einen neuen, wo Sie diesen bekamen.", "Ce lien vient de servir à connecter {done}, dans un autre onglet. Un lien connecte un logiciel, une fois ; pour {app}, demandez-en un nouveau là où vous avez reçu celui-ci."),
    "stray": ("This page was opened in another way", "Diese Seite wurde anders geöffnet", "Cette page a été ouverte autrement"),
    "stray.why": ("For your safety nothing was done. Go back to where you came from and start again.", "Zu Ihrer Sicherheit ist nichts geschehen. Gehen Sie zurück und beginnen Sie von vorn.", "Par sécurité, rien n’a été fait. Revenez d’où vous venez et recommencez."),
    "broken": ("Something went wrong on our side", "Bei uns ist etwas schiefgegangen", "Un problème est survenu de notre côté"),
    "broken.why": ("Nothing was stored. Please try again in a few minutes.", "Nichts wurde gespeichert. Bitte versuchen Sie es in einigen Minuten erneut.", "Rien n’a été enregistré. Réessayez dans quelques minutes."),
    # Why a vendor said no.
    "no.refused": ("{app} does not accept these credentials", "{app} nimmt diese Zugangsdaten nicht an", "{app} refuse ces identifiants"),
    "no.refused.do": ("Copy each one again, whole and without spaces. If it was made some time ago, an administrator of {app} makes a new one.", "Kopieren Sie jede Angabe noch einmal, vollständig und ohne Leerzeichen. Ist sie älter, erstellt ein Administrator von {app} eine neue.", "Recopiez chaque valeur, entière et sans espaces. Si elle est ancienne, un administrateur de {app} en crée une nouvelle."),
    "no.settings": ("Check also that they belong to: {settings}.", "Prüfen Sie auch, ob sie hierzu gehören: {settings}.", "Vérifiez aussi qu’ils correspondent à : {settings}."),
    "no.optional": ("You also entered {fields}, which {app} does not need: check it, or leave it empty.", "Sie haben auch {fields} eingegeben, was {app} nicht braucht: Prüfen Sie es oder lassen Sie es leer.", "Vous avez aussi saisi {fields}, dont {app} n’a pas besoin : vérifiez-le ou laissez-le vide."),
    "no.permission": ("The credentials work, but a permission is missing", "Die Zugangsdaten stimmen, aber eine Berechtigung fehlt", "Les identifiants sont bons, mais il manque une autorisation"),
    "no.permissions": ("The credentials work, but permissions are missing", "Die Zugangsdaten stimmen, aber Berechtigungen fehlen", "Les identifiants sont bons, mais il manque des autorisations"),
    "no.permission.do": ("An administrator of {app} grants it to the credentials; then check again here.", "Ein Administrator von {app} erteilt sie den Zugangsdaten; prüfen Sie dann hier erneut.", "Un administrateur de {app} l’accorde aux identifiants ; vérifiez ensuite de nouveau ici."),
    "no.permissions.do": ("An administrator of {app} grants what is listed here to the credentials; then check again here.", "Ein Administrator von {app} erteilt den Zugangsdaten, was hier steht; prüfen Sie dann hier erneut.", "Un administrateur de {app} accorde aux identifiants ce qui figure ici ; vérifiez ensuite de nouveau."),
    "no.away": ("{app} does not answer right now", "{app} antwortet gerade nicht", "{app} ne répond pas pour le moment"),
    "no.away.do": ("Your entries may be right. Wait a minute and check again.", "Ihre Angaben können stimmen. Warten Sie eine Minute und prüfen Sie erneut.", "Vos données sont peut-être justes. Attendez une minute et vérifiez de nouveau."),
    "no.entries": ("Something is missing or not right", "Etwas fehlt oder stimmt nicht", "Il manque quelque chose, ou c’est inexact"),
    "no.entries.do": ("See the notes at the fields.", "Siehe die Hinweise an den Feldern.", "Voir les remarques près des champs."),
    "no.consent": ("{app} was not connected: you did not agree there", "{app} wurde nicht verbunden: Sie haben dort nicht zugestimmt", "{app} n’est pas connecté : vous n’y avez pas donné votre accord"),
    "no.consent.do": ("Try again and agree at {app}. If you may not, ask an administrator of {app} to do it.", "Versuchen Sie es erneut und stimmen Sie bei {app} zu. Dürfen Sie das nicht, bitten Sie einen Administrator von {app}.", "Réessayez et donnez votre accord chez {app}. Si vous n’y êtes pas autorisé, demandez à un administrateur de {app}."),
    "no.other": ("{app} could not be connected", "{app} konnte nicht verbunden werden", "{app} n’a pas pu être connecté"),
    "no.other.do": ("Check again; if it stays so, send the lines below to support.", "Prüfen Sie erneut; bleibt es dabei, senden Sie die Zeilen unten an den Support.", "Vérifiez de nouveau ; si rien ne change, envoyez les lignes ci-dessous au support."),
}
# What connectors call their fields and settings; what is not here is shown as they have it.
TERMS: dict[str, tuple[str, str]] = {
    "API key": ("API-Schlüssel", "Clé API"),
    "Client ID": ("Client-ID", "ID client"),
    "Client secret": ("Client-Geheimnis", "Secret client"),
    "User ID": ("Benutzer-ID", "ID utilisateur"),
    "Region": ("Region", "Région"),
    "Worldwide": ("Weltweit", "Monde"),
    "Europe": ("Europa", "Europe"),
    "Sandbox, for tests": ("Sandbox, zum Testen", "Sandbox, pour les tests"),
    "Europe, if your Lever opens at hire.eu.lever.co.": ("Europa, wenn sich Ihr Lever unter hire.eu.lever.co öffnet.", "Europe, si votre Lever s’ouvre sur hire.eu.lever.co."),
    "What counts as a job": ("Was als Stelle gilt", "Ce qui compte comme poste"),
    "Postings": ("Ausschreibungen (Postings)", "Annonces (postings)"),
    "Requisitions": ("Genehmigte Stellen (Requisitions)", "Postes approuvés (requisitions)"),
    "Postings are what applicants see, requisitions what was approved for hiring.": ("Ausschreibungen sind, was Bewerber sehen; Requisitions sind zur Besetzung genehmigte Stellen.", "Les annonces sont ce que voient les candidats ; les requisitions sont les postes dont le recrutement est approuvé."),
    "Confidential data": ("Vertrauliche Daten", "Données confidentielles"),
    "Leave out": ("Auslassen", "Exclure"),
    "Include": ("Einbeziehen", "Inclure"),
    "Including it works only where an administrator of Lever has allowed it.": ("Einbeziehen geht nur, wenn ein Administrator von Lever es für diesen Zugang erlaubt hat.", "L’inclusion n’est possible que si un administrateur de Lever l’a autorisée pour cet accès."),
    "Assessment partner ID": ("ID als Testanbieter", "ID de partenaire d’évaluation"),
    "Leave this empty unless you were given such an id. Ashby issues it to providers of tests, so that it also takes results of tests that nobody ordered there.": ("Lassen Sie dies leer, wenn Ihnen keine solche ID genannt wurde. Ashby vergibt sie an Testanbieter, damit es auch Ergebnisse von Tests annimmt, die dort niemand bestellt hat.", "Laissez vide si l’on ne vous a pas donné cet ID. Ashby l’attribue aux fournisseurs de tests, afin d’accepter aussi les résultats de tests que personne n’y a commandés."),
    "Leave this empty to let the credentials act for themselves. To let a certain user act, who must be a Site Admin, open that user's page in Greenhouse: the number at the end of its address is the ID.": ("Lassen Sie dies leer, damit die Zugangsdaten für sich selbst handeln. Soll ein bestimmter Benutzer handeln, der Site Admin sein muss, öffnen Sie dessen Seite in Greenhouse: Die Zahl am Ende der Adresse ist die ID.", "Laissez vide pour que les identifiants agissent en leur propre nom. Pour faire agir un utilisateur précis, qui doit être Site Admin, ouvrez sa page dans Greenhouse : le nombre à la fin de l’adresse est l’ID."),
    "Settings > Integrations and API > API Credentials": ("Settings > Integrations and API > API Credentials", "Settings > Integrations and API > API Credentials"),
    "Admin > Integrations > API Keys > New: tick Read and Write of the modules to share": ("Admin > Integrations > API Keys > New; dort Read und Write der freigegebenen Module ankreuzen", "Admin > Integrations > API Keys > New ; y cocher Read et Write des modules à partager"),
    "Configure > Dev Center > API Credential Management > Create new API credentials, of the type Harvest V3 (OAuth); then tick its scopes in its Settings tab": ("Configure > Dev Center > API Credential Management > Create new API credentials, vom Typ Harvest V3 (OAuth); dann im Reiter Settings die Scopes ankreuzen", "Configure > Dev Center > API Credential Management > Create new API credentials, du type Harvest V3 (OAuth) ; puis cocher les scopes dans l’onglet Settings"),
}
VOWELS = frozenset("aeiouyàâéèêîôû")
QUOTES = {"en": "“{}”", "de": "„{}“", "fr": "« {} »"}
# fmt: on

Say = Callable[..., str]


def speaker(language: str) -> Say:
    """A function from a word's key to the word; English where the language is unknown."""
    place = LANGUAGES.index(language) if language in LANGUAGES else 0

    def say(key: str, **values: str) -> str:
        phrase = WORDS[key][place]
        if language == "fr":
            phrase = elided(phrase, values)
        return phrase.format_map(values)

    return say


def elided(phrase: str, values: Mapping[str, str]) -> str:
    """French "de" before a name that begins with a vowel."""
    for name, text in values.items():
        if text[:1].lower() in VOWELS:
            phrase = phrase.replace(f"de {{{name}}}", f"d’{{{name}}}")
    return phrase


def quoted(language: str, text: str) -> str:
    return QUOTES.get(language, QUOTES["en"]).format(text)


def translated(language: str, text: str) -> str:
    """What a connector calls something, in another language where we know it."""
    if language in LANGUAGES[1:] and text in TERMS:
        return TERMS[text][LANGUAGES.index(language) - 1]
    return text
