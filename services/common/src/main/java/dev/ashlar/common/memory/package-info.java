/** What memory the process may use. Asked once at the start, by whoever sizes caches; nothing here allocates any. */
package dev.ashlar.common.memory;
