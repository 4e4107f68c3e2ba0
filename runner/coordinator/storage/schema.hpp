#pragma once

#include "runner/coordinator/storage/database.hpp"

namespace corunner::coordinator {

// Brings the database to the newest layout; `PRAGMA user_version` tells how far it was. A database
// of a newer program is refused (database_error).
void migrate(database& db);

}  // namespace corunner::coordinator
