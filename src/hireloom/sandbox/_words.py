"""The words that the sandbox's company is made of: invented people, places and texts."""

FIRST_NAMES = (
    "Amara", "Björn", "Chloé", "Dmitri", "Elif", "Fatou", "Grace", "Håkon", "Imani", "José",
    "Kenji", "Łucja", "María", "Nia", "Oisín", "Priya", "Quentin", "Rania", "Søren", "Thandiwe",
    "Ursula", "Věra", "Wei", "Ximena", "Yusuf", "Zoë", "Aleksander", "Beatriz", "Caoimhe", "Diego",
    "Esi", "Farid", "Gül", "Hana", "Ivan", "Jasmine", "Kwame", "Leila", "Mihail", "Noor",
)  # fmt: skip

LAST_NAMES = (
    "O'Brien", "Müller", "García", "Nguyễn", "Okafor", "D'Angelo", "Sørensen", "Kowalski", "Yılmaz",
    "Smith", "van der Berg", "Tanaka", "Fernández", "Ivanova", "Mensah", "Lindström", "Abdi",
    "Novák", "Rossi", "Silva", "Haddad", "Johansson", "Kaur", "Lefèvre", "Mbeki", "Núñez", "Ortiz",
    "Papadopoulos", "Quispe", "Rahman", "Schröder", "Taylor", "Ueda", "Vargas", "Wójcik", "Xu",
    "Young", "Zhang", "Ó Súilleabháin", "Brontë-Lowe",
)  # fmt: skip

SINGLE_NAMES = ("Suharto", "Madhavi", "Teller", "Björk", "Sukarno")

# City, country code, and a telephone range that its regulator keeps free for fiction.
CITIES = (
    ("New York", "US", "+1 212 555 01{:02d}"),
    ("Austin", "US", "+1 512 555 01{:02d}"),
    ("London", "GB", "+44 20 7946 00{:02d}"),
    ("Berlin", "DE", "+49 30 23125 1{:02d}"),
    ("Paris", "FR", "+33 1 99 00 12 {:02d}"),
    ("Stockholm", "SE", "+46 8 465 004 {:02d}"),
    ("Sydney", "AU", "+61 2 5550 00{:02d}"),
    ("Dublin", "IE", "+353 20 912 00{:02d}"),
)

COMPANIES = (
    "Northwind Bakery", "Blue Heron Robotics", "Tidewater Freight", "Juniper & Sons",
    "Kestrel Labs", "Quarry Street Media", "Lumen Orchard", "Harbour Analytics",
    "Saffron Systems", "Oak & Anvil",
)  # fmt: skip

MAIL_HOSTS = ("example.com", "example.org", "example.net")

TAGS = (
    "referral", "relocation", "remote", "senior", "alumni", "top talent", "python", "night shift",
    "C++", "needs visa", "speaks French", "conference 2026", "diversity fair", "do not call",
)  # fmt: skip

# Name, index of the parent.
DEPARTMENTS: tuple[tuple[str, int | None], ...] = (
    ("Product & Engineering", None),
    ("Platform", 0),
    ("Mobile", 0),
    ("Data Science", 0),
    ("Commercial", None),
    ("Sales", 4),
    ("Customer Success", 4),
    ("People", None),
    ("Finance", None),
    ("Operations", None),
)

# Name, place, index of the parent.
OFFICES: tuple[tuple[str, str, int | None], ...] = (
    ("Americas", "United States", None),
    ("New York", "New York, NY, United States", 0),
    ("Austin", "Austin, TX, United States", 0),
    ("Europe", "Germany", None),
    ("Berlin", "Berlin, Germany", 3),
    ("London", "London, United Kingdom", 3),
    ("Remote", "Anywhere", None),
)

# Title, index of the department.
TITLES = (
    ("Backend Engineer", 1), ("Site Reliability Engineer", 1), ("Android Developer", 2),
    ("iOS Developer", 2), ("Data Scientist", 3), ("Machine Learning Engineer", 3),
    ("Account Executive", 5), ("Sales Development Representative", 5),
    ("Customer Success Manager", 6), ("Support Specialist", 6), ("People Partner", 7),
    ("Talent Acquisition Specialist", 7), ("Controller", 8), ("Payroll Analyst", 8),
    ("Warehouse Lead", 9), ("Office Manager", 9), ("Engineering Manager", 0), ("UX Designer", 0),
)  # fmt: skip

LEVELS = ("", "Senior ", "Junior ", "Lead ", "Staff ")

# Name, kind.
SOURCES = (
    ("Careers page", "company_site"),
    ("LinkedIn", "social"),
    ("Indeed", "job_board"),
    ("Employee referral", "referral"),
    ("Bright Oak Recruiting", "agency"),
    ("University fair", "event"),
    ("Sourced by hand", "prospecting"),
    ("Stack Exchange", "job_board"),
    ("Meet-up", "event"),
    ("Other", "other"),
)

# Name, side that decided, still in use.
REASONS = (
    ("Lacks required skills", "organization", True),
    ("Not enough experience", "organization", True),
    ("Position was filled", "organization", True),
    ("Failed the assessment", "organization", True),
    ("No work permit", "organization", True),
    ("Withdrew", "candidate", True),
    ("Took another offer", "candidate", True),
    ("Pay expectations", "candidate", True),
    ("Duplicate", "other", True),
    ("Hiring freeze of 2024", "other", False),
)

# Name, kind.
STAGES = (
    ("New lead", "lead"),
    ("Application review", "review"),
    ("Phone screen", "screen"),
    ("Assessment", "assessment"),
    ("On-site interview", "interview"),
    ("Offer", "offer"),
    ("Hired", "hired"),
)

QUESTIONS = (
    ("Are you allowed to work in the country of this office?", ("Yes", "No")),
    ("How did you hear about us?", ("A friend", "Your blog", "A conference", "I don't recall")),
    ("When could you start?", ("At once", "In a month", "In three months")),
    ("Which tool would you not give up?", ("A pencil", "Python", "A spreadsheet & coffee", "None")),
)

NOTES = (
    "Called; left a message. Will try again on Thursday.",
    "Strong portfolio.\nAsk about the gap in 2023 & the move to <operations>.",
    "Prefers e-mail. Salary expectation is inside our range.",
    "Referred by a colleague – handle quickly 🙂",
)

REMARKS = (
    "Clear thinker, explains trade-offs well.",
    "Knows the basics; needed hints for the second task.",
    "Excellent with customers, would hire again.",
    "Not convinced: avoided the question about failures.",
)

RATINGS = ("strong_no", "no", "mixed", "yes", "strong_yes")
