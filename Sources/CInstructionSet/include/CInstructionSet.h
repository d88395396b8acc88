#ifndef CINSTRUCTIONSET_H
#define CINSTRUCTIONSET_H

// What this build needs and the processor lacks, as its name; NULL if it runs here.
const char *cinstructionset_missing(void);

#endif
