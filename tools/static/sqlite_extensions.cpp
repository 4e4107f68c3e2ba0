// Stands before SQLite's own in a static program: the extensions for full text, r-trees and
// statistics, which no statement of ours uses, are not linked (0.3 MB). Each is asked to register
// itself with a connection.

extern "C" {

int sqlite3Fts3Init(void*) { return 0; }
int sqlite3Fts5Init(void*) { return 0; }
int sqlite3RtreeInit(void*) { return 0; }
int sqlite3DbstatRegister(void*) { return 0; }
}
