#pragma once

#include "runner/coordinator/storage/database.hpp"

namespace corunner::coordinator {

// Brings the database to the newest layout; `PRAGMA user_version` tells how far it was. A database
// of a newer program is refused (database_error).
// `to`: an older layout, for tests of the way from it.
inline constexpr std::size_t newest_layout = 2;
void migrate(database& db, std::size_t to = newest_layout);

}  // namespace corunner::coordinator
