/** How answers look: tables for people, JSON for programs. Pure functions from records to text; nothing here asks the network. */
package dev.ashlar.cli.output;
